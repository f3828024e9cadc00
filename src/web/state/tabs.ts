import { t } from "../i18n/index.ts";
import type { Patch } from "./patch.ts";

type Note =
  | { kind: "call"; id: string; method: string; args: unknown[] }
  | { kind: "answer"; id: string; value?: unknown; problem?: string }
  | { kind: "patch"; patch: Patch }
  | { kind: "hello" }
  | { kind: "leads" }
  | { kind: "reload" };

/** What the tab with the stream does for the others. */
export interface Leader {
  call(method: string, args: readonly unknown[]): Promise<unknown>;
  snapshot(): Patch;
}

const LOCK = "kith-stream";
const CHANNEL = "kith";

/**
 * Several tabs of one browser: one of them, which holds the lock, has the stream and writes the store; the others ask it.
 * When it goes, the browser gives the lock to the next.
 */
export class Tabs {
  private readonly channel = new BroadcastChannel(CHANNEL);
  private readonly waiting = new Map<
    string,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  /** Asked before there was anybody to ask. */
  private unheard: Note[] = [];
  private led = false;
  private leader: Leader | undefined;

  constructor(private readonly onPatch: (patch: Patch) => void) {
    this.channel.onmessage = ({ data }: MessageEvent<Note>) => this.heard(data);
  }

  /** Takes the lead as soon as nobody else has it; `lead` begins then. Resolves when this tab or another one leads. */
  async join(lead: () => Promise<Leader>): Promise<void> {
    const somebody = new Promise<void>((resolve) => (this.ready = resolve));
    void navigator.locks.request(LOCK, async () => {
      this.leader = await lead();
      this.ready();
      this.say({ kind: "leads" });
      this.apply(this.leader.snapshot());
      for (const note of this.unheard.splice(0)) this.heard(note);
      // Held until the page goes.
      await new Promise(() => undefined);
    });
    this.say({ kind: "hello" });
    await somebody;
  }

  private ready: () => void = () => undefined;

  call = async <T>(method: string, ...args: unknown[]): Promise<T> => {
    if (this.leader) return (await this.leader.call(method, args)) as T;
    const id = crypto.randomUUID();
    const note: Note = { kind: "call", id, method, args };
    const answer = new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    if (this.led) this.say(note);
    else this.unheard.push(note);
    return (await answer) as T;
  };

  /** Of the tab that leads: to this page and all others. */
  publish = (patch: Patch): void => {
    this.onPatch(patch);
    this.say({ kind: "patch", patch });
  };

  /** Signed in or out: every other tab begins anew. */
  reloadOthers(): void {
    this.say({ kind: "reload" });
  }

  private say(note: Note): void {
    this.channel.postMessage(note);
  }

  private apply(patch: Patch): void {
    this.onPatch(patch);
  }

  private heard(note: Note): void {
    switch (note.kind) {
      case "hello":
        if (this.leader) {
          this.say({ kind: "leads" });
          this.say({ kind: "patch", patch: this.leader.snapshot() });
        }
        break;
      case "leads":
        this.followed();
        break;
      case "patch":
        if (!this.leader) this.onPatch(note.patch);
        break;
      case "call":
        if (this.leader) void this.serve(note.id, note.method, note.args);
        break;
      case "answer":
        this.answered(note.id, note.value, note.problem);
        break;
      case "reload":
        location.reload();
    }
  }

  /** Another tab leads now. What the one before did not answer, nobody will. */
  private followed(): void {
    if (this.led) {
      for (const { reject } of this.waiting.values()) reject(new Error(t("error.otherTab")));
      this.waiting.clear();
    }
    this.led = true;
    this.ready();
    for (const note of this.unheard.splice(0)) this.say(note);
  }

  private async serve(id: string, method: string, args: unknown[]): Promise<void> {
    try {
      this.say({ kind: "answer", id, value: await this.leader!.call(method, args) });
    } catch (error) {
      this.say({ kind: "answer", id, problem: error instanceof Error ? error.message : String(error) });
    }
  }

  private answered(id: string, value: unknown, problem: string | undefined): void {
    const asked = this.waiting.get(id);
    this.waiting.delete(id);
    if (problem === undefined) asked?.resolve(value);
    else asked?.reject(new Error(problem));
  }
}
