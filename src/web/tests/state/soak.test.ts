import "fake-indexeddb/auto";
import { afterEach, expect, it, vi } from "vitest";
import { openIndexed } from "../../store/indexed.ts";
import type { MessageRow } from "../../store/records.ts";
import type { Store } from "../../store/store.ts";
import { Lost } from "../../xmpp/errors.ts";
import type { Element } from "../../xmpp/xml.ts";
import { Chance } from "../omemo/random.ts";
import { Archive } from "./archive.ts";
import { BEN, body, Desk, OMA } from "./desk.ts";

/** `SEEDS=7,8 npx vitest run tests/state/soak.test.ts` tries others. */
const SEEDS = process.env["SEEDS"]?.split(",").map(Number) ?? [1, 2, 3];
const ACTS = 250;
const EMOJIS = ["🎂", "❤️", "👍"];

afterEach(() => {
  vi.useRealTimers();
});

/** A box that keeps what is said in one order, Ben who talks to Oma, and Oma's browser with whatever may happen to it. */
class Storm {
  readonly archive = new Archive();
  /** Names of the messages, in the order in which the box got them. */
  readonly said: string[] = [];
  private readonly taken = new Set<string>();
  private now = Date.now();
  private number = 0;
  private online = true;
  private loses: "nothing" | "the stanza" | "the answer" = "nothing";
  private store: Store | undefined;
  desk!: Desk;

  constructor(
    readonly chance: Chance,
    private readonly name: string,
  ) {}

  async start(): Promise<void> {
    this.tick();
    // Who is gone writes and sends nothing more.
    this.store?.close();
    this.store = await openIndexed(this.name);
    const desk = (this.desk = await Desk.open(this.store, this.archive));
    desk.engine.core.stream.send = (stanza) =>
      desk === this.desk ? this.take(stanza) : Promise.reject(new Lost());
    this.online = true;
  }

  /** The browser ends in the middle of whatever it did. */
  async restart(): Promise<void> {
    this.cut();
    await this.start();
  }

  tick(): void {
    vi.setSystemTime((this.now += 1 + this.chance.number(40)));
  }

  cut(): void {
    this.online = false;
    this.desk.cut();
  }

  /** A new session; Ben may talk while it begins. */
  async back(): Promise<void> {
    this.online = true;
    this.loses = "nothing";
    const read = this.desk.again();
    while (this.chance.happens(40)) this.ben();
    await read;
  }

  private keep(id: string, message: string): string {
    this.tick();
    const stanzaId = String(this.now * 1000 + ++this.number);
    this.archive.add(stanzaId, this.now, message);
    if (message.includes("<body>") && !/<(replace|retract)/.test(message)) this.said.push(id);
    return stanzaId;
  }

  private take(stanza: Element): Promise<void> {
    const { id } = stanza.attrs;
    const kept = stanza.is("message") && id !== undefined && !stanza.getChild("displayed");
    if (!this.online || this.loses === "the stanza") return this.lost();
    if (kept) {
      expect(this.taken.has(id), `${id} was sent twice`).toBe(false);
      this.taken.add(id);
      this.keep(id, stanza.toString().replace("<message", `<message from="${OMA}/desk"`));
    }
    return this.loses === "the answer" ? this.lost() : Promise.resolve();
  }

  private lost(): Promise<void> {
    this.cut();
    return Promise.reject(new Lost());
  }

  // ---- what may happen ----

  private fromBen(id: string, children: string): void {
    const message = `<message xmlns="jabber:client" type="chat" from="${BEN}/phone" to="${OMA}" id="${id}">${children}`;
    const stanzaId = this.keep(id, `${message}</message>`);
    const mark = `<stanza-id xmlns="urn:xmpp:sid:0" by="${OMA}" id="${stanzaId}"/>`;
    if (this.online) void this.desk.hear(`${message}${mark}</message>`);
  }

  ben(): void {
    const id = `ben-${++this.number}`;
    const own = this.said.filter((one) => one.startsWith("ben-")).slice(-12);
    const target = own[this.chance.number(own.length)];
    const any = this.said.at(-1 - this.chance.number(Math.min(12, this.said.length || 1)));
    const dice = this.chance.number(10);
    if (dice < 6 || !target || !any) this.fromBen(id, body(id));
    else if (dice === 6)
      this.fromBen(
        id,
        `${body(`${id} for ${target}`)}<replace xmlns="urn:xmpp:message-correct:0" id="${target}"/>`,
      );
    else if (dice === 7)
      this.fromBen(id, `<retract xmlns="urn:xmpp:message-retract:1" id="${target}"/>${body("retracted")}`);
    else {
      const emojis = EMOJIS.filter(() => this.chance.happens(40)).map((one) => `<reaction>${one}</reaction>`);
      this.fromBen(id, `<reactions xmlns="urn:xmpp:reactions:0" id="${any}">${emojis.join("")}</reactions>`);
    }
  }

  async oma(): Promise<void> {
    const kept = (await this.desk.kept()).slice(-12).filter((row) => !row.retracted);
    const any = kept[this.chance.number(kept.length)];
    const sent = kept.filter((row) => row.own && row.state !== "failed");
    const own = sent[this.chance.number(sent.length)];
    const dice = this.chance.number(10);
    if (dice < 6 || !any) await this.desk.do.send(BEN, `oma ${++this.number}`);
    else if (dice === 6 && own) await this.desk.do.edit(own.id, `oma ${++this.number}, better`);
    else if (dice === 7 && own && own.state !== "waiting") await this.desk.do.retract(own.id);
    else
      await this.desk.do.react(
        any.id,
        EMOJIS.filter(() => this.chance.happens(40)),
      );
  }

  /** Everything that is under way has come to its end. */
  async settled(): Promise<void> {
    for (let turn = 0; turn < 12; turn++) await new Promise((resolve) => setImmediate(resolve));
    await this.desk.hear();
  }

  async act(): Promise<void> {
    const dice = this.chance.number(100);
    if (dice < 45) this.ben();
    else if (dice < 80) await this.oma();
    else if (dice < 84) this.lose();
    else if (dice < 88) this.cut();
    else if (dice < 97) await this.back();
    else await this.restart();
  }

  private lose(): void {
    this.loses = this.chance.happens(50) ? "the stanza" : "the answer";
  }
}

/** What is drawn of a message, by the name that all know it by. */
const drawn = ({ mid, text, retracted, edited, own, reactions }: MessageRow) =>
  [
    mid!,
    {
      ...{ text, retracted, own, edited: edited && !retracted },
      felt: Object.fromEntries(
        Object.entries(reactions).flatMap(([who, { emojis }]) => (emojis.length > 0 ? [[who, emojis]] : [])),
      ),
    },
  ] as const;

const isBens = (mid: string): boolean => mid.startsWith("ben-");
const isOmas = (mid: string): boolean => !isBens(mid);

/** Whether each act comes to its end before the next. */
const WAYS = [true, false];

it.each(WAYS.flatMap((calm) => SEEDS.map((seed) => ({ calm, seed }))))(
  "what is kept is what was said, once, whatever happens meanwhile ($seed, calm: $calm)",
  async ({ calm, seed }) => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const chance = new Chance(seed);
    const storm = new Storm(chance, `soak-${String(seed)}-${String(calm)}`);
    await storm.start();
    for (let act = 0; act < ACTS; act++) {
      storm.tick();
      await storm.act();
      if (calm) await storm.settled();
    }
    await storm.back();
    const { desk } = storm;
    await desk.until(async () => (await desk.store.all("outbox")).length === 0);
    await desk.again();
    const kept = await desk.kept();
    const mids = kept.map(({ mid }) => mid!);
    expect(mids.toSorted()).toEqual(storm.said.toSorted());
    expect(mids.filter(isBens)).toEqual(storm.said.filter(isBens));
    expect(mids.filter(isOmas)).toEqual(storm.said.filter(isOmas));

    // Another browser, which has seen nothing of it.
    const other = await Desk.open(undefined, storm.archive);
    while (!(await other.engine.history.older(BEN)).complete);
    const same = await other.kept();
    expect(same.map(({ mid }) => mid)).toEqual(storm.said);
    expect(new Map(same.map(drawn))).toEqual(new Map(kept.map(drawn)));
  },
);
