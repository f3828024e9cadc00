import { t } from "../../i18n/index.ts";
import { reloadWhenTold } from "./everytab.ts";
import type { Address } from "../model.ts";
import type { Patch } from "../patch.ts";

interface Call {
  kind: "call";
  id: string;
  method: string;
  args: unknown[];
}

type Note =
  | Call
  | { kind: "answer"; id: string; value?: unknown; problem?: string }
  | { kind: "patch"; patch: Patch }
  | { kind: "hello" }
  | { kind: "begins" }
  | { kind: "leads"; tab: string };

/** What the tab with the stream does for the others. */
export interface Leader {
  call(method: string, args: readonly unknown[]): Promise<unknown>;
  snapshot(): Patch;
}

interface Asked {
  note: Call;
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/** Asked twice, it might be done twice. (What is sent has a name by which it is known.) */
const ONCE = new Set(["forward", "createGroup", "invite", "report"]);
/** A tab that has the lock and says nothing for so long is asleep (milliseconds). */
const ASLEEP = 4000;
const NAME = "kith-stream";
const FROM_LEADER = new Set<Note["kind"]>(["answer", "patch", "leads"]);

/**
 * Several tabs of one browser: one of them, which holds the lock, has the stream and writes the store; the others ask it.
 * When it goes, the browser gives the lock to the next.
 */
export class Tabs {
  /** Of the lock and the channel: two accounts of one browser, where one is just taking the other's place, hear nothing of each other. */
  private readonly name: string;
  private readonly channel: BroadcastChannel;
  private readonly waiting = new Map<string, Asked>();
  /** Asked before there was anybody to ask. */
  private unheard: Call[] = [];
  private readonly tab = crypto.randomUUID();
  /** The tab that leads, where it is another one. */
  private led: string | undefined;
  /** Whether this tab has the lock; it leads once it has begun. */
  private holds = false;
  private leader: Leader | undefined;

  constructor(
    account: Address,
    private readonly onPatch: (patch: Patch) => void,
  ) {
    this.name = `${NAME} ${account}`;
    this.channel = new BroadcastChannel(this.name);
    reloadWhenTold();
    this.channel.onmessage = ({ data }: MessageEvent<Note>) => this.heard(data);
  }

  /** Takes the lead as soon as nobody else has it; `lead` begins then. Resolves when this tab or another one leads. */
  async join(lead: () => Promise<Leader>): Promise<void> {
    const somebody = new Promise<void>((resolve, reject) => {
      this.ready = resolve;
      this.fail = reject;
    });
    this.wake = () => this.ask(lead);
    this.take({}, lead);
    this.wake();
    await somebody.finally(() => this.awake());
  }

  private asleep: ReturnType<typeof setTimeout> | undefined;

  private awake(): void {
    clearTimeout(this.asleep);
    this.asleep = undefined;
  }

  private wake: () => void = () => undefined;

  /** The tab that leads may have been put to sleep since: that it is there, it says by whatever it says. */
  private doubt(): void {
    this.asleep ??= setTimeout(this.wake, ASLEEP);
  }

  /** Asks who leads; from whoever has the lock and does not say so, it is taken away. One that only begins is waited for. */
  private ask(lead: () => Promise<Leader>): void {
    this.awake();
    this.begins = false;
    this.asleep = setTimeout(() => {
      if (this.begins) this.ask(lead);
      else if (!this.holds) this.take({ steal: true }, lead);
    }, ASLEEP);
    this.say({ kind: "hello" });
  }

  private begins = false;

  /** Asks for the lock; with it this tab leads, until the page goes or another one takes it away. */
  private take(options: LockOptions, lead: () => Promise<Leader>): void {
    const held = navigator.locks.request(this.name, options, async () => {
      this.holds = true;
      const leader = await lead();
      this.leader = leader;
      this.ready();
      this.say({ kind: "leads", tab: this.tab });
      this.onPatch(leader.snapshot());
      for (const { id, method, args } of this.unanswered()) void this.serve(id, method, args);
      await new Promise(() => undefined);
    });
    held.catch((error: unknown) => {
      // Stolen: this page slept, and another one has the stream, or is about to.
      if (error instanceof DOMException && error.name === "AbortError" && this.holds) location.reload();
      else if (!(error instanceof DOMException))
        this.fail(error instanceof Error ? error : new Error(String(error)));
    });
  }

  private fail: (error: Error) => void = () => undefined;

  private ready: () => void = () => undefined;

  call = async <T>(method: string, ...args: unknown[]): Promise<T> => {
    if (this.leader) return (await this.leader.call(method, args)) as T;
    const id = crypto.randomUUID();
    const note = { kind: "call" as const, id, method, args };
    const answer = new Promise((resolve, reject) => this.waiting.set(id, { note, resolve, reject }));
    if (this.led) {
      this.say(note);
      this.doubt();
    } else this.unheard.push(note);
    return (await answer) as T;
  };

  /** Of the tab that leads: to this page and all others. */
  publish = (patch: Patch): void => {
    this.onPatch(patch);
    this.say({ kind: "patch", patch });
  };

  private say(note: Note): void {
    this.channel.postMessage(note);
  }

  private heard(note: Note): void {
    if (FROM_LEADER.has(note.kind)) this.awake();
    switch (note.kind) {
      case "hello":
        if (this.leader) {
          this.say({ kind: "leads", tab: this.tab });
          this.say({ kind: "patch", patch: this.leader.snapshot() });
        } else if (this.holds) this.say({ kind: "begins" });
        break;
      case "begins":
        this.begins = true;
        break;
      case "leads":
        this.followed(note.tab);
        break;
      case "patch":
        if (!this.leader) this.onPatch(note.patch);
        break;
      case "call":
        if (this.leader) void this.serve(note.id, note.method, note.args);
        break;
      case "answer":
        this.answered(note.id, note.value, note.problem);
    }
  }

  /** Another tab leads; it says so again to each one that asks. */
  private followed(tab: string): void {
    if (this.led === tab) return;
    this.led = tab;
    this.ready();
    for (const note of this.unanswered()) this.say(note);
  }

  /** What is to be asked of who leads now: what nobody has heard yet, and what the one before may have done or not. */
  private unanswered(): Call[] {
    const fresh = new Set(this.unheard.splice(0));
    const all = [...this.waiting.values()];
    for (const { note, reject } of all)
      if (!fresh.has(note) && ONCE.has(note.method)) {
        this.waiting.delete(note.id);
        reject(new Error(t("error.otherTab")));
      }
    return all.flatMap(({ note }) => (this.waiting.has(note.id) ? note : []));
  }

  private async serve(id: string, method: string, args: unknown[]): Promise<void> {
    let note: Note & { kind: "answer" };
    try {
      note = { kind: "answer", id, value: await this.leader!.call(method, args) };
    } catch (error) {
      note = { kind: "answer", id, problem: error instanceof Error ? error.message : String(error) };
    }
    // Asked by this very tab before it led, or by another one.
    if (this.waiting.has(id)) this.answered(id, note.value, note.problem);
    else this.say(note);
  }

  private answered(id: string, value: unknown, problem: string | undefined): void {
    const asked = this.waiting.get(id);
    this.waiting.delete(id);
    if (problem === undefined) asked?.resolve(value);
    else asked?.reject(new Error(problem));
  }
}
