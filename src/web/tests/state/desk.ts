import { Engine } from "../../state/engine.ts";
import type { Mirror } from "../../state/tabs/mirror.ts";
import { takePage } from "../../state/archive/archivepage.ts";
import { Memory } from "../../store/memory.ts";
import type { MessageRow } from "../../store/records.ts";
import { put, type Store } from "../../store/store.ts";
import type { Connection, ReadyState, Status } from "../../xmpp/connection.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { bare } from "../../xmpp/jid.ts";
import { parse, x, type Element } from "../../xmpp/xml.ts";
import { Archive } from "./archive.ts";
import { mirrored } from "./mirrored.ts";

export const OMA = "oma@kith.test";
export const BEN = "ben@kith.test";
export const FAMILY = "family@groups.kith.test";

// As a browser does: what nobody caught is told, and fails the test.
globalThis.reportError = (error: unknown) => {
  queueMicrotask(() => {
    throw error;
  });
};

/** Oma's client at a box by script: it has archives, keeps what is sent, and knows nothing else. */
export class Desk {
  readonly archives: Map<string, Archive>;
  readonly sent: Element[] = [];
  readonly asked: Element[] = [];
  readonly mirror: Mirror;
  readonly engine: Engine;
  private readonly line = {
    address: `${OMA}/desk`,
    status: "online" as Status,
    onStatus: (_status: Status) => undefined,
    onReady: (_ready: ReadyState) => undefined,
    onStanza: (_stanza: Element) => undefined,
    answer: () => undefined,
    start: () => undefined,
    send: (stanza: Element) => Promise.resolve(void this.sent.push(stanza)),
    request: (iq: Element) => this.request(iq),
  };

  private constructor(
    readonly store: Store = new Memory(),
    own: Archive,
  ) {
    this.archives = new Map([[OMA, own]]);
    const me = { address: OMA, name: "Oma", own: false };
    const stream = this.line as unknown as Connection;
    this.engine = new Engine(stream, store, (patch) => this.mirror.apply(patch), me);
    this.mirror = mirrored(this.engine, me);
  }

  get do() {
    return this.mirror.do;
  }

  /** At work: what the store has is loaded, and the own archive read. */
  static async open(store?: Store, own = new Archive(), contacts: string[] = []): Promise<Desk> {
    const desk = new Desk(store, own);
    const mutual = { groups: [], subscription: "both", ask: false, asks: false };
    await desk.store.write(contacts.map((id) => put("people", { id, ...mutual })));
    await desk.engine.load();
    desk.engine.start();
    await desk.read();
    return desk;
  }

  /** A new session, which has read the own archive. */
  async again(): Promise<void> {
    this.line.status = "online";
    this.line.onReady({ resumed: false, address: this.line.address });
    await this.read();
  }

  /** The network goes. */
  cut(): void {
    this.line.status = "waiting";
    this.line.onStatus("waiting");
  }

  private read(): Promise<void> {
    return this.until(() => this.engine.sync.upToDate(OMA));
  }

  /** Resolves once it is true; nothing here waits for a time. */
  async until(look: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await look())) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Says something to Ben; resolves with how it is kept once it has left. */
  async say(text: string): Promise<MessageRow> {
    await this.do.send(BEN, text);
    const find = async () => (await this.kept()).findLast((row) => row.own && row.text === text);
    await this.until(async () => (await find())?.state === "sent");
    return (await find())!;
  }

  /** What the box passes on, one after the other; resolves when all of it is kept. */
  async hear(...messages: string[]): Promise<void> {
    for (const message of messages) this.line.onStanza(stanza(message));
    await this.engine.messages.change(() => Promise.resolve());
  }

  /** What a page of the own archive, or of a group's, gives: of the newest, or of old ones that somebody scrolled to. */
  found(
    page: { archive?: string; old?: boolean },
    ...messages: [at: number, message: string][]
  ): Promise<void> {
    const archived = messages.map(([at, text]) => {
      const message = stanza(text);
      return { id: `s-${message.attrs.id}`, at, message };
    });
    return takePage(
      this.engine.messages,
      OMA,
      { messages: archived, complete: false },
      page.archive,
      page.old,
    );
  }

  /** Goes into a group, which lets her in; resolves when that has been read. */
  async enter(room: string = FAMILY): Promise<void> {
    const row = this.engine.chats.ensure(room, "group");
    row.group ??= { nick: "Oma", closed: false };
    const entered = this.engine.rooms.enter(row);
    await this.until(() => this.sent.some((one) => one.is("presence") && one.attrs.to === `${room}/Oma`));
    this.line.onStanza(
      stanza(
        `<presence from="${room}/Oma"><x xmlns="http://jabber.org/protocol/muc#user">` +
          `<item affiliation="none" role="participant"/><status code="110"/></x></presence>`,
      ),
    );
    return entered;
  }

  /** A chat's messages as they are kept, oldest first. */
  async kept(chat: string = BEN): Promise<MessageRow[]> {
    return this.store.stretch(chat, undefined, "newer", 10_000);
  }

  private request(iq: Element): Promise<Element> {
    this.asked.push(iq);
    const query = iq.getChild("query", "urn:xmpp:mam:2");
    const archive = query && this.archives.get(bare(iq.attrs.to ?? OMA));
    if (!archive) return refuse("service-unavailable", iq);
    if (archive.away === true) return refuse("remote-server-timeout", iq, "wait");
    if (archive.away) return refuse(archive.away, iq);
    const page = archive.page(query);
    if (!page) return refuse("item-not-found", iq);
    for (const result of page.results) {
      if (iq.attrs.to) result.attrs.from = iq.attrs.to;
      this.line.onStanza(result);
    }
    return Promise.resolve(page.answer);
  }
}

const refuse = (condition: string, iq: Element, type = "cancel"): Promise<never> =>
  Promise.reject(new StanzaError(condition, type, undefined, iq));

export const stanza = (text: string): Element => {
  const element = parse(text);
  return x(element.name, { xmlns: "jabber:client", ...element.attrs }, ...element.children);
};

/** What Ben, or somebody else, says to Oma, live: with an id of theirs and one of her archive. */
export const said = (id: string, children: string, from = `${BEN}/phone`): string =>
  `<message xmlns="jabber:client" type="chat" from="${from}" to="${OMA}" id="${id}">${children}` +
  `<stanza-id xmlns="urn:xmpp:sid:0" by="${OMA}" id="s-${id}"/></message>`;

/** What Ben says in a group, live: with an id of his and one of the group's archive. */
export const spoken = (id: string, children: string, room = FAMILY): string =>
  `<message xmlns="jabber:client" type="groupchat" from="${room}/Ben" to="${OMA}/desk" id="${id}">${children}` +
  `<stanza-id xmlns="urn:xmpp:sid:0" by="${room}" id="s-${id}"/></message>`;

export const body = (text: string): string => `<body>${text}</body>`;

/** Encrypted words, for another device. */
export const SEALED = `<encrypted xmlns="eu.siacs.conversations.axolotl"><header sid="1"/></encrypted>`;
