import { keyOfTarget, type Context, type Target } from "./context.ts";
import { Unreachable, type Directory } from "./directory.ts";
import { buildEnvelope, type DeviceKey } from "./envelope.ts";
import { announce, type Notice } from "./notices.ts";
import { sealPayload } from "./payload.ts";
import { buildSce } from "./sce.ts";
import { encrypt, initiate, type Bundle, type Session } from "./session.ts";
import { noSessions, promote, type Sessions } from "./sessions.ts";
import type { OmemoTransaction, OwnDevice } from "./store.ts";
import { versions, type Version } from "./suite.ts";
import { fingerprintOf, noteKey } from "./trust.ts";
import { Unreadable } from "./unreadable.ts";
import { utf8 } from "./bytes.ts";
import { x, type Element } from "./xml.ts";

/** What to say. Axolotl carries the body alone; omemo:2 all of it. */
export interface Content {
  readonly body?: string;
  readonly elements?: readonly Element[];
}

export interface EncryptOptions<T> {
  /** The group that it is for; `recipients` are then its members. */
  readonly group?: string;
  /** To write to those who can read it, though some recipients can't. */
  readonly partial?: boolean;
  /** Runs in the transaction that stores the sessions: what it writes is there when they are, and neither when it throws. */
  readonly commit?: (transaction: T, result: Encrypted) => Promise<void>;
}

/** A device that gets nothing: its key is refused, it published no (sound) bundle, or it can't carry more than a body. */
export interface Skipped extends Target {
  readonly why: "refused" | "no-bundle" | "body-only";
}

export interface Encrypted {
  readonly kind: "encrypted";
  /** Children for the `<message/>`: an `<encrypted/>` for each version, its name (XEP-0380), and the hint to keep it. */
  readonly elements: readonly Element[];
  readonly skipped: readonly Skipped[];
}

export interface WaitingKey extends Target {
  readonly fingerprint: string;
}

/** Why nothing was encrypted, and nothing sent. */
export type NotEncrypted =
  | { readonly kind: "refused"; readonly reason: "undecided"; readonly keys: readonly WaitingKey[] }
  /** These recipients have no device that could read it. */
  | {
      readonly kind: "refused";
      readonly reason: "no-devices";
      readonly jids: readonly string[];
      readonly skipped: readonly Skipped[];
    }
  /** What these recipients have could not be asked: no connection, or their server is away. `cause` is what the wire rejected with. */
  | {
      readonly kind: "refused";
      readonly reason: "unreachable";
      readonly jids: readonly string[];
      readonly cause: Error;
    };

interface Ready {
  readonly target: Target;
  readonly sessions: Sessions;
}

/** Encrypts for all devices of people, and the other ones of this account. */
export class Outgoing<T extends OmemoTransaction> {
  readonly #context: Context<T>;
  readonly #directory: Directory<T>;

  constructor(context: Context<T>, directory: Directory<T>) {
    this.#context = context;
    this.#directory = directory;
  }

  async encrypt(
    recipients: readonly string[],
    content: Content,
    options: EncryptOptions<T>,
  ): Promise<Encrypted | NotEncrypted> {
    const { self, store } = this.#context;
    const others = [...new Set(recipients)].filter((jid) => jid !== self.jid);
    const unreachable = new Map<string, Error>();
    const targets = await this.#targets([...others, self.jid], unreachable);
    const begun = await this.#begin(targets, unreachable);
    const notices: Notice[] = [];
    const result = await store.run(async (transaction) => {
      notices.length = 0;
      const own = (await transaction.get("own", "device"))!;
      const chosen = await this.#choose(transaction, own, targets, begun, notices);
      const { undecided } = chosen;
      if (undecided.length > 0) return { kind: "refused", reason: "undecided", keys: undecided } as const;

      const [ready, skipped] = withoutBody(chosen, content);
      const refused = lacking(others.length > 0 ? others : [self.jid], ready, skipped, unreachable, options);
      if (refused) return refused;
      const to = options.group ?? recipients[0] ?? self.jid;
      const elements = await this.#seal(transaction, own, ready, (version) =>
        this.#plain(version, content, to),
      );
      const encrypted: Encrypted = { kind: "encrypted", elements, skipped };
      await options.commit?.(transaction, encrypted);
      return encrypted;
    });
    announce(self, notices);
    return result;
  }

  /** An empty message for one device, in the session that there is, or in a new one when a bundle is given. */
  async empty(
    target: Target,
    renewed: Bundle | undefined,
    still: (sessions: Sessions) => Sessions | undefined,
  ): Promise<Element | undefined> {
    const { self, store } = this.#context;
    const notices: Notice[] = [];
    const elements = await store.run(async (transaction) => {
      notices.length = 0;
      const own = (await transaction.get("own", "device"))!;
      let sessions = still((await transaction.get("sessions", keyOfTarget(target))) ?? noSessions);
      if (!sessions) return undefined;
      const begun = renewed && begin(target.version, own, renewed);
      if (begun) sessions = promote(sessions, begun);
      if (!sessions.current || (renewed && !begun)) return undefined;
      await this.#note(transaction, target, sessions.current.remote, notices);
      return this.#seal(transaction, own, [{ target, sessions }], () => undefined);
    });
    announce(self, notices);
    const id = crypto.randomUUID();
    return elements && x("message", { to: target.jid, type: "chat", id }, ...elements);
  }

  async #targets(jids: readonly string[], unreachable: Map<string, Error>): Promise<readonly Target[]> {
    const found = await Promise.all(
      jids.map((jid) =>
        reached(jid, unreachable, [] as readonly Target[], () => this.#directory.targets(jid)),
      ),
    );
    return found.flat();
  }

  /**
   * New sessions with those that have none; who has no sound bundle is absent. Each is begun when its bundle comes, so
   * that neither the page nor the transaction waits for a large group's all at once.
   */
  async #begin(
    targets: readonly Target[],
    unreachable: Map<string, Error>,
  ): Promise<ReadonlyMap<string, Session>> {
    const { store, self } = this.#context;
    const { own, missing } = await store.run(async (transaction) => {
      const own = (await transaction.get("own", "device"))!;
      const missing: Target[] = [];
      for (const target of targets) {
        if (target.jid === self.jid && target.device === own.id) continue;
        const sessions = await transaction.get("sessions", keyOfTarget(target));
        if (!sessions?.current) missing.push(target);
      }
      return { own, missing };
    });
    const begun = new Map<string, Session>();
    await Promise.all(
      missing.map(async (target) => {
        const bundle = await reached(target.jid, unreachable, undefined, () =>
          this.#directory.bundle(target),
        );
        const session = bundle && begin(target.version, own, bundle);
        if (session) begun.set(keyOfTarget(target), session);
      }),
    );
    return begun;
  }

  async #choose(
    transaction: T,
    own: OwnDevice,
    targets: readonly Target[],
    begun: ReadonlyMap<string, Session>,
    notices: Notice[],
  ): Promise<{ ready: Ready[]; undecided: WaitingKey[]; skipped: Skipped[] }> {
    const ready: Ready[] = [];
    const undecided: WaitingKey[] = [];
    const skipped: Skipped[] = [];
    for (const target of targets) {
      if (target.jid === this.#context.self.jid && target.device === own.id) continue;
      const known = (await transaction.get("sessions", keyOfTarget(target))) ?? noSessions;
      const session = begun.get(keyOfTarget(target));
      const sessions = known.current || !session ? known : promote(known, session);
      if (!sessions.current) {
        skipped.push({ ...target, why: "no-bundle" });
        continue;
      }
      const { trust, fingerprint } = await this.#note(transaction, target, sessions.current.remote, notices);
      if (trust === "undecided") undecided.push({ ...target, fingerprint });
      else if (trust === "refused") skipped.push({ ...target, why: "refused" });
      else ready.push({ target, sessions });
    }
    return { ready, undecided, skipped };
  }

  async #note(
    transaction: T,
    target: Target,
    identity: Uint8Array,
    notices: Notice[],
  ): Promise<Notice["key"]> {
    const { jid, device, version } = target;
    const now = this.#context.now();
    const noted = await noteKey(transaction, jid, device, fingerprintOf(version, identity), now);
    notices.push({ jid, device, ...noted });
    return noted.key;
  }

  async #seal(
    transaction: T,
    own: OwnDevice,
    ready: readonly Ready[],
    plain: (version: Version) => Uint8Array | undefined,
  ): Promise<Element[]> {
    const elements: Element[] = [];
    for (const version of versions) {
      const group = ready.filter(({ target }) => target.version === version);
      if (group.length === 0) continue;
      const payload = sealPayload(version, plain(version));
      const keys: DeviceKey[] = [];
      for (const { target, sessions } of group) {
        const { session, bytes, exchange } = encrypt(sessions.current!, payload.key, own.id);
        await transaction.put("sessions", keyOfTarget(target), { ...sessions, current: session });
        keys.push({ jid: target.jid, device: target.device, bytes, exchange });
      }
      elements.push(buildEnvelope(version, own.id, keys, payload));
    }
    const named = elements.map((element) => element.getNS()!);
    return [
      ...elements,
      ...named.map((namespace) => x("encryption", { xmlns: "urn:xmpp:eme:0", namespace, name: "OMEMO" })),
      x("store", { xmlns: "urn:xmpp:hints" }),
    ];
  }

  #plain(version: Version, { body, elements = [] }: Content, to: string): Uint8Array {
    if (version === "axolotl") return utf8(body!);
    const bodies = body === undefined ? [] : [x("body", { xmlns: "jabber:client" }, body)];
    const affixes = { from: this.#context.self.jid, to, at: new Date(this.#context.now()) };
    return utf8(buildSce([...bodies, ...elements], affixes));
  }
}

/** Those that can carry it: without a body, axolotl can't. */
function withoutBody(
  { ready, skipped }: { ready: readonly Ready[]; skipped: readonly Skipped[] },
  { body }: Content,
): readonly [readonly Ready[], readonly Skipped[]] {
  if (body !== undefined) return [ready, skipped];
  const mute = ready.filter(({ target }) => target.version === "axolotl");
  return [
    ready.filter((each) => !mute.includes(each)),
    [...skipped, ...mute.map(({ target }) => ({ ...target, why: "body-only" as const }))],
  ];
}

function begin(version: Version, own: OwnDevice, bundle: Bundle): Session | undefined {
  try {
    return initiate(version, own.identity, bundle);
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

/** What could not be asked is written down, and does not keep the others waiting. */
async function reached<R>(
  jid: string,
  unreachable: Map<string, Error>,
  otherwise: R,
  work: () => Promise<R>,
): Promise<R> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    unreachable.set(jid, error.cause);
    return otherwise;
  }
}

/** Why it must not go out: who of the readers could not read it. */
function lacking(
  readers: readonly string[],
  ready: readonly Ready[],
  skipped: readonly Skipped[],
  unreachable: ReadonlyMap<string, Error>,
  { partial = false }: { partial?: boolean },
): NotEncrypted | undefined {
  const jids = readers.filter((jid) => !ready.some(({ target }) => target.jid === jid));
  if (jids.length === 0 || (partial && jids.length < readers.length)) return undefined;
  const away = jids.filter((jid) => unreachable.has(jid));
  if (away.length === 0) return { kind: "refused", reason: "no-devices", jids, skipped };
  return { kind: "refused", reason: "unreachable", jids: away, cause: unreachable.get(away[0]!)! };
}
