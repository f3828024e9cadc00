import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Version } from "../../omemo/index.ts";
import { namespaces } from "../../omemo/xml.ts";
import { parse, x, type Element } from "../../xmpp/xml.ts";
import type { World } from "./world.ts";

const python = "/usr/bin/python3";
const script = fileURLToPath(new URL("../../../../tests/Interop/omemo/peer.py", import.meta.url));

/** Whether Debian's `python3-oldmemo`, `python3-twomemo` and `python3-xmlschema` are installed. */
export const pythonIsThere =
  spawnSync(python, ["-c", "import oldmemo.etree, twomemo.etree"], { stdio: "ignore" }).status === 0;

type Line = Record<string, unknown>;

/** A device of python3-omemo in a world. */
export class PythonDevice {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, (line: Line) => void>();
  readonly #world: World;
  readonly jid: string;
  #number = 0;
  #trouble = "";

  constructor(world: World, jid: string) {
    this.#world = world;
    this.jid = jid;
    this.#child = spawn(python, ["-B", "-W", "ignore", script]);
    this.#child.stderr.on("data", (text: Buffer) => (this.#trouble += text.toString()));
    createInterface({ input: this.#child.stdout }).on("line", (text) => this.#line(JSON.parse(text) as Line));
    this.#child.on("exit", () => {
      for (const done of this.#waiting.values()) done({ error: `the peer is gone: ${this.#trouble}` });
    });
  }

  start(versions: readonly Version[], label?: string): Promise<{ device: number; fingerprint: string }> {
    return this.#do("start", { jid: this.jid, namespaces: spaces(versions), label });
  }

  async say(to: string, body: string, versions: readonly Version[]): Promise<Element> {
    const elements = await this.#do<string[]>("encrypt", { to, body, namespaces: spaces(versions) });
    return x("message", { to }, ...elements.map((text) => parse(text)));
  }

  async read(message: Element, from: string): Promise<Line> {
    const results: Line[] = [];
    for (const child of message.getChildren("encrypted"))
      results.push(await this.#do("decrypt", { xml: child.toString(), sender: from }));
    return results[0]!;
  }

  refresh(jid: string, version: Version): Promise<void> {
    return this.#do("devices", { jid, namespace: namespaces[version] });
  }

  stop(): void {
    this.#child.stdin.end();
  }

  #do<R>(what: string, details: Line): Promise<R> {
    const id = ++this.#number;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ value, error }) => {
        this.#waiting.delete(id);
        if (error === undefined) resolve(value as R);
        else reject(new Error(String(error)));
      });
      this.#write({ id, do: what, ...details });
    });
  }

  #line(line: Line): void {
    if (line["ask"] === undefined) this.#waiting.get(line["id"] as number)!(line);
    else this.#write({ answer: line["id"], value: this.#answer(line) ?? null });
  }

  #answer(line: Line): string | undefined {
    const version = line["namespace"] === namespaces.omemo2 ? "omemo2" : "axolotl";
    const xml = (): Element => parse(line["xml"] as string);
    const { lists, bundles, sent } = this.#world;
    const bundle = (jid: string): string => `${jid}/${String(line["device"])}/${version}`;
    switch (line["ask"]) {
      case "publishBundle":
        bundles.set(bundle(this.jid), xml());
        return undefined;
      case "publishDevices":
        lists.set(`${this.jid}/${version}`, xml());
        return undefined;
      case "fetchBundle":
        return bundles.get(bundle(line["jid"] as string))?.toString();
      case "fetchDevices":
        return lists.get(`${String(line["jid"])}/${version}`)?.toString();
      case "send":
        sent.push({ from: this.jid, message: x("message", { to: line["to"] as string }, xml()) });
        return undefined;
      default:
        throw new Error(`asked ${String(line["ask"])}`);
    }
  }

  #write(line: Line): void {
    this.#child.stdin.write(`${JSON.stringify(line)}\n`);
  }
}

const spaces = (versions: readonly Version[]): string[] => versions.map((version) => namespaces[version]);
