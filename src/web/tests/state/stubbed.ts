import { Memory } from "../../store/memory.ts";
import { Engine } from "../../state/engine.ts";
import { Mirror } from "../../state/tabs/mirror.ts";
import type { Patch } from "../../state/patch.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import type { Connection } from "../../xmpp/connection.ts";
import { x, type Element } from "../../xmpp/xml.ts";

const SELF = "anna@kith.example";
export const ROOM = "plaza@rooms.example";

/** An engine that is online with nobody: what it says is kept, what it asks is answered from a table by namespace. */
export class Stubbed {
  readonly sent: Element[] = [];
  readonly asked: Element[] = [];
  readonly patches: Patch[] = [];
  readonly answers = new Map<string, () => Element>();
  readonly store = new Memory();
  readonly engine: Engine;
  readonly mirror: Mirror;

  constructor() {
    const stream = {
      address: `${SELF}/test`,
      status: "online",
      send: (stanza: Element) => {
        this.sent.push(stanza);
        return Promise.resolve();
      },
      request: (iq: Element) => {
        this.asked.push(iq);
        return this.answer(iq);
      },
    } as unknown as Connection;
    const me = { address: SELF, name: "Anna", own: false };
    this.engine = new Engine(
      stream,
      this.store,
      (patch) => {
        this.patches.push(patch);
        this.mirror.apply(patch);
      },
      me,
    );
    this.mirror = new Mirror(this.store, () => Promise.reject(new Error("not asked")), me);
  }

  /** A room that tells what it is like. */
  room(...features: string[]): void {
    const parts = [x("identity", { category: "conference", type: "text", name: "Plaza" })];
    for (const feature of features) parts.push(x("feature", { var: feature }));
    const info = "http://jabber.org/protocol/disco#info";
    this.answers.set(info, () => x("query", { xmlns: info }, ...parts));
  }

  /** The bookmarks of the account: the room alone. */
  bookmark(autojoin: boolean): void {
    const pubsub = "http://jabber.org/protocol/pubsub";
    const conference = x("conference", {
      xmlns: "urn:xmpp:bookmarks:1",
      autojoin: String(autojoin),
      name: "Plaza",
    });
    const items = x("items", { node: "urn:xmpp:bookmarks:1" }, x("item", { id: ROOM }, conference));
    this.answers.set(pubsub, () => x("pubsub", { xmlns: pubsub }, items));
  }

  /** What was sent to the room to enter it, so far. */
  get entries(): number {
    return this.sent.filter((one) => one.is("presence") && one.getChild("x")).length;
  }

  hear(nick: string, user: Element[], attributes: Record<string, string> = {}, ...more: Element[]): void {
    const { room = ROOM, ...rest } = attributes;
    this.engine.rooms.presence(
      x(
        "presence",
        { from: `${room}/${nick}`, ...rest },
        x("x", { xmlns: "http://jabber.org/protocol/muc#user" }, ...user),
        ...more,
      ),
    );
  }

  private answer(iq: Element): Promise<Element> {
    const [asked] = iq.getChildElements();
    const answer = this.answers.get(asked?.getNS() ?? "");
    if (!answer) return Promise.reject(new StanzaError("feature-not-implemented", "cancel", undefined, iq));
    return Promise.resolve(x("iq", { type: "result" }, answer()));
  }
}

export const item = (affiliation: string, role: string, ...children: Element[]): Element =>
  x("item", { affiliation, role }, ...children);

export const status = (...codes: number[]): Element[] => codes.map((code) => x("status", { code }));
