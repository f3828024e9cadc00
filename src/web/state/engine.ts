import { bare } from "../xmpp/jid.ts";
import type { Connection, Status } from "../xmpp/connection.ts";
import { x, type Element } from "../xmpp/xml.ts";
import * as account from "../proto/account.ts";
import { Capabilities } from "../proto/disco.ts";
import * as displayed from "../proto/displayed.ts";
import { N } from "../proto/ns.ts";
import { event } from "../proto/pubsub.ts";
import { chatState } from "../proto/say.ts";
import { full, type Store } from "../store/store.ts";
import { Chats } from "./core/chats.ts";
import { Core, DEFAULTS } from "./core/core.ts";
import type { Encryption } from "./encryption/encryption.ts";
import { Groups } from "./groups/groups.ts";
import { History } from "./archive/history.ts";
import { insist } from "./core/insist.ts";
import { introduce } from "./introduce.ts";
import { FileCache, Media } from "./files/media.ts";
import type { Incoming } from "./messages/arrival.ts";
import { Members } from "./groups/members.ts";
import { Messages } from "./messages/messages.ts";
import type { Link, Me, Settings } from "./model.ts";
import { Outbox } from "./outgoing/outbox.ts";
import type { Patch } from "./patch.ts";
import { People } from "./people/people.ts";
import { Plain } from "./encryption/plain.ts";
import { Readers } from "./list/readers.ts";
import { Reading } from "./list/reading.ts";
import { Requests } from "./list/requests.ts";
import { Rooms } from "./groups/rooms.ts";
import { Attachments } from "./outgoing/attachments.ts";
import { Changing } from "./outgoing/changing.ts";
import { Sealing } from "./outgoing/sealing.ts";
import { Sending } from "./outgoing/sending.ts";
import { Wording } from "./outgoing/wording.ts";
import { Speakers } from "./groups/speakers.ts";
import { Sync } from "./archive/sync.ts";
import { Typing } from "./people/typing.ts";
import { Wishes } from "./list/wishes.ts";

const LINKS: Record<Status, Link> = {
  connecting: "connecting",
  online: "online",
  waiting: "waiting",
  refused: "refused",
  stopped: "waiting",
};

/** The client of one account, in the one tab that has the stream and writes the store. */
export class Engine {
  readonly core: Core;
  readonly chats: Chats;
  readonly people: People;
  readonly messages: Messages;
  readonly sync: Sync;
  readonly rooms: Rooms;
  readonly speakers: Speakers;
  readonly members: Members;
  readonly history: History;
  readonly groups: Groups;
  readonly wishes: Wishes;
  readonly requests: Requests;
  readonly outbox: Outbox;
  readonly media: Media;
  readonly files: FileCache;
  readonly typing: Typing;
  readonly reading: Reading;
  readonly readers: Readers;
  readonly attachments: Attachments;
  readonly wording: Wording;
  readonly sealing: Sealing;
  readonly sending: Sending;
  readonly changing: Changing;
  encryption: Encryption;
  private readonly caps: Capabilities;

  constructor(
    readonly stream: Connection,
    store: Store,
    emit: (patch: Patch) => void,
    me: Me,
  ) {
    this.core = new Core(stream, store, emit, me);
    this.encryption = new Plain(store);
    this.caps = new Capabilities(me.own);
    this.chats = new Chats(this.core);
    this.people = new People(this.core);
    this.messages = new Messages(this.core, this.chats);
    this.sync = new Sync(this.core, this.chats, this.messages);
    this.rooms = new Rooms(this.core, this.chats, this.sync, this.caps);
    this.speakers = new Speakers(this.core, this.chats, this.rooms);
    this.members = new Members(this.core, this.chats, this.rooms);
    this.groups = new Groups(this.core, this.chats, this.rooms);
    this.wishes = new Wishes(this.core, this.chats, this.groups);
    this.requests = new Requests(this.core, this.chats, this.people, this.groups);
    this.history = new History(this.core, this.chats, this.messages, this.sync);
    this.outbox = new Outbox(this.core, this.chats, this.messages);
    this.media = new Media(this.core);
    this.files = new FileCache(store);
    this.typing = new Typing(this.core, (chat, state) =>
      this.core.tell(chatState(chat, this.chats.isGroup(chat), state)),
    );
    this.reading = new Reading(this.core, this.chats, this.messages);
    this.readers = new Readers(this.core, this.chats, this.messages);
    this.attachments = new Attachments(this);
    this.wording = new Wording(this);
    this.sealing = new Sealing(this);
    this.sending = new Sending(this);
    this.changing = new Changing(this);
    introduce(this);
  }

  /** What is here from before, before there is any stream. */
  async load(): Promise<void> {
    const { store } = this.core;
    const settings = await store.get<Settings>("kv", "settings");
    if (settings) this.core.settings = { ...DEFAULTS, ...settings };
    const me = await store.get<Me>("kv", "me");
    if (me) this.core.me = { ...this.core.me, ...me };
    await Promise.all([this.chats.load(), this.people.load(), this.outbox.load(), this.sync.load()]);
  }

  /** Everything that the pages draw, for a tab that has just opened. */
  snapshot(): Patch {
    return {
      whole: true,
      me: this.core.me,
      link: LINKS[this.stream.status],
      chats: this.chats.views(),
      listed: this.listed,
      people: this.people.views(),
      presence: this.people.presences.views(),
      typing: this.typing.views(),
      transfers: [...this.media.transfers],
      settings: this.core.settings,
    };
  }

  start(): void {
    this.stream.onStatus = (status) => {
      this.core.emit({ link: LINKS[status] });
    };
    this.stream.onReady = ({ resumed }) => this.core.aside(this.ready(resumed));
    this.stream.onStanza = (stanza) => this.stanza(stanza);
    this.stream.answer("query", N.roster, (iq) => this.people.push(iq));
    for (const name of ["block", "unblock"])
      this.stream.answer(name, N.blocking, (iq) => this.people.blockPush(iq));
    this.stream.answer("query", N.discoInfo, (iq) => this.caps.answer(iq));
    this.stream.answer("query", N.version, () =>
      x("query", { xmlns: N.version }, x("name", {}, "Kith"), x("version", {}, "1")),
    );
    // Who signs in by password comes with a stream that is open already; what it missed since is read below.
    if (this.core.online) this.core.aside(this.ready(false));
    else this.stream.start();
  }

  /** After a sign-in: what was missed, then presence, which brings what changes from now on. */
  private async ready(resumed: boolean): Promise<void> {
    if (resumed) return this.outbox.pump();
    const session = ++this.session;
    this.people.presences.lost();
    this.sync.restart();
    this.rooms.restart();
    this.outbox.restart();
    const wanted = () => session === this.session;
    const part = (act: () => Promise<void>) =>
      insist(wanted, act).catch((error: unknown) => {
        // Where there is no room for the one, the others are done all the same.
        if (!full(error)) throw error;
        this.core.fault(error);
      });
    void part(() => this.core.clock.sync());
    const listed = Promise.all([
      part(() => this.reading.load()),
      part(() => this.people.sync().then(() => this.requests.review())),
      part(() => this.groups.load()),
      part(() => this.wishes.load()),
    ]);
    const encrypted = part(() => this.encryption.start(listed));
    await listed;
    await Promise.race([this.encryption.readable(), encrypted]);
    await part(() => this.sync.own());
    // Another session may have begun meanwhile: what follows is for it to do, when it has read so far.
    if (!wanted()) return;
    this.listed ||= this.sync.upToDate(this.core.me.address);
    this.core.emit({ listed: this.listed });
    this.core.tell(x("presence", {}, this.caps.element()));
    this.core.aside(
      encrypted.then(() => {
        if (!wanted()) return;
        this.outbox.release();
        this.encryption.caughtUp();
      }),
    );
    await Promise.all([
      part(() => this.groups.start()),
      part(() => this.reading.catchUp()),
      part(() => this.self()),
    ]);
    await Promise.all([this.files.trim(), this.messages.tidy()]);
  }

  private session = 0;
  private listed = false;

  private async self(): Promise<void> {
    const name = await account.nick(this.stream).catch(() => undefined);
    if (name) this.core.setMe({ name });
    this.core.setMe({ mayInvite: await account.mayInvite(this.stream) });
  }

  private stanza(stanza: Element): void {
    if (stanza.is("presence")) {
      if (!this.rooms.presence(stanza)) this.people.take(stanza);
      return;
    }
    if (this.core.archives.take(stanza) || this.rooms.announced(stanza)) return;
    const told = event(stanza);
    if (told) return this.event(stanza);
    const copy = this.core.fromSelf(stanza.attrs.from)
      ? (stanza.getChild("received", N.carbons) ?? stanza.getChild("sent", N.carbons))
      : undefined;
    const message = copy?.getChild("forwarded", N.forward)?.getChild("message") ?? stanza;
    // A copy from anybody but the own account is forged (XEP-0280 section 11).
    if (!copy && (stanza.getChild("received", N.carbons) || stanza.getChild("sent", N.carbons))) return;
    this.take({ message, copied: copy?.is("sent") === true });
  }

  private take(incoming: Incoming): void {
    const kept = () => {
      for (const { attrs } of incoming.message.getChildren("stanza-id", N.stanzaId)) {
        const archive =
          attrs.by === this.core.me.address || attrs.by === bare(incoming.message.attrs.from ?? "");
        if (archive && attrs.by && attrs.id) this.sync.heardLive(attrs.by, attrs.id);
      }
    };
    this.messages.take([incoming]).then(kept, (error: unknown) => {
      this.sync.stale();
      this.core.fault(error);
    });
  }

  private event(message: Element): void {
    const told = event(message)!;
    const own = this.core.fromSelf(told.from || undefined);
    if (told.node === N.bookmarks) return own ? this.groups.event(told) : undefined;
    if (told.node === N.chats) return own ? this.wishes.event(told) : undefined;
    if (told.node === N.displayed) {
      if (own)
        for (const mark of told.items.flatMap(displayed.read)) this.core.aside(this.reading.elsewhere(mark));
      return;
    }
    this.people.event(told);
    this.encryption.event(told);
  }

  async stop(): Promise<void> {
    await this.stream.stop();
  }
}
