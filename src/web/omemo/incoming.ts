import { fromUtf8 } from "./bytes.ts";
import { keyOfTarget, type Context, type Target } from "./context.ts";
import { parseEnvelope, type Envelope } from "./envelope.ts";
import { announce, type Notice } from "./notices.ts";
import { openPayload } from "./payload.ts";
import { parseSce } from "./sce.ts";
import { accept, decrypt } from "./session.ts";
import { begunBy, decryptAny, noSessions, promote, type Sessions } from "./sessions.ts";
import type { OmemoTransaction, OwnDevice, Trust } from "./store.ts";
import { suites, type Version } from "./suite.ts";
import { fingerprintOf, noteKey } from "./trust.ts";
import { Unreadable, type Reason } from "./unreadable.ts";
import type { Element } from "./xml.ts";

export interface DecryptOptions<T> {
  /** Bare address of the group that it came through; `from` is then the real address of who spoke. */
  readonly group?: string;
  /** Whom it is addressed to, bare, where that is not this account: in carbons and archived copies of own messages. */
  readonly to?: string;
  /** When the server says that it was sent. */
  readonly at?: Date;
  /** Runs in the transaction that moves the session on: what it writes is there when that is, and neither when it throws. */
  readonly commit?: (transaction: T, result: Decrypted) => Promise<void>;
}

export interface Decrypted extends Target {
  /** `empty`: there is nothing to show. */
  readonly kind: "message" | "empty";
  /** The body. */
  readonly plaintext?: string;
  /** omemo:2: `<content/>` with everything that was said, the body too. */
  readonly content?: Element;
  /** omemo:2: when its sender says to have encrypted it, and whether that is more than a day off. */
  readonly sentAt?: Date;
  readonly skewed: boolean;
  readonly fingerprint: string;
  readonly trust: Trust;
  /** Whether it began a session. */
  readonly keyExchange: boolean;
}

export interface Undecrypted {
  readonly kind: "unreadable";
  readonly reason: Reason;
  /** For logs, not for people. */
  readonly detail: string;
  readonly device?: number;
}

/** What must be done on the network after a message. */
export interface Consequences {
  /** A prekey of this version was used. */
  readonly preKeyUsed: boolean;
  /** An empty message is due: the other side waits for it, or it is time for a heartbeat. */
  readonly due: "answer" | "heartbeat" | "nothing";
}

interface Read {
  readonly plain: Uint8Array;
  readonly sessions: Sessions;
  readonly heartbeat: boolean;
  /** Whether it began a session, and with which one-time prekey. */
  readonly began: boolean;
  readonly preKey?: number;
}

const day = 24 * 60 * 60 * 1000;

/** Decrypts what comes. */
export class Incoming<T extends OmemoTransaction> {
  readonly #context: Context<T>;

  constructor(context: Context<T>) {
    this.#context = context;
  }

  /** Throws `Unreadable`, and then nothing has changed. */
  async decrypt(
    element: Element,
    from: string,
    own: OwnDevice,
    options: DecryptOptions<T>,
  ): Promise<{ result: Decrypted; consequences: Consequences }> {
    const { self, store } = this.#context;
    const envelope = parseEnvelope(element, { jid: self.jid, device: own.id });
    if (from === self.jid && envelope.sender === own.id) throw new Unreadable("own-device", "by this device");
    if (envelope.keys.length === 0) {
      const before = options.at !== undefined && options.at.getTime() < own.createdAt;
      throw new Unreadable(before ? "from-before" : "not-for-this-device", "no key for this device");
    }
    const notices: Notice[] = [];
    const done = await store.run(async (transaction) => {
      notices.length = 0;
      return this.#read(transaction, envelope, from, options, notices);
    });
    announce(self, notices);
    return done;
  }

  async #read(
    transaction: T,
    envelope: Envelope,
    from: string,
    options: DecryptOptions<T>,
    notices: Notice[],
  ): Promise<{ result: Decrypted; consequences: Consequences }> {
    const { version, sender: device } = envelope;
    const target: Target = { jid: from, device, version };
    const known = (await transaction.get("sessions", keyOfTarget(target))) ?? noSessions;
    const read = await this.#open(transaction, envelope, known);
    const session = read.sessions.current!;
    const opened = this.#content(envelope, read.plain, from, options);
    const fingerprint = fingerprintOf(version, session.remote);

    await transaction.put("sessions", keyOfTarget(target), read.sessions);
    if (read.preKey !== undefined) await usePreKey(transaction, version, read.preKey, this.#context.now());
    const noted = await noteKey(transaction, from, device, fingerprint, this.#context.now());
    notices.push({ jid: from, device, ...noted });
    const result: Decrypted = {
      ...target,
      ...opened,
      fingerprint,
      trust: noted.key.trust,
      keyExchange: read.began,
    };
    await options.commit?.(transaction, result);
    return {
      result,
      consequences: {
        preKeyUsed: read.preKey !== undefined,
        due: read.heartbeat ? "heartbeat" : session.answered ? "nothing" : "answer",
      },
    };
  }

  /** Axolotl does not say which key is for whose device of that number: the one that opens is ours. */
  async #open(transaction: T, { version, keys }: Envelope, sessions: Sessions): Promise<Read> {
    let failure: unknown;
    for (const { bytes, exchange } of keys) {
      try {
        if (exchange) return await this.#openExchange(transaction, version, bytes, sessions);
        return { ...decryptAny(sessions, suites[version].parse(bytes)), began: false };
      } catch (error) {
        failure ??= error;
        if (error instanceof Unreadable && error.reason === "duplicate") failure = error;
      }
    }
    throw failure;
  }

  async #openExchange(
    transaction: T,
    version: Version,
    bytes: Uint8Array,
    sessions: Sessions,
  ): Promise<Read> {
    const suite = suites[version];
    const exchange = suite.parseExchange(bytes);
    const message = suite.parse(exchange.message);
    const begun = begunBy(sessions, exchange);
    if (begun) {
      const opened = decrypt(begun, message);
      return { ...opened, sessions: promote(sessions, opened.session), began: false };
    }
    const own = (await transaction.get("own", "device"))!;
    const signed = own.signedPreKeys.find(({ id }) => id === exchange.signedPreKey);
    if (!signed) throw new Unreadable("broken", "its signed prekey is gone", "renew");
    const id = exchange.preKey;
    const row = id === undefined ? undefined : await transaction.get("preKeys", `${version}/${String(id)}`);
    if (id !== undefined && !row) throw new Unreadable("broken", "its prekey is gone", "renew");
    const opened = decrypt(accept(version, own.identity, exchange, signed.pair, row?.pair), message);
    return {
      ...opened,
      sessions: promote(sessions, opened.session),
      began: true,
      ...(id !== undefined && { preKey: id }),
    };
  }

  #content(
    { version, iv, sealed }: Envelope,
    key: Uint8Array,
    from: string,
    { group, to, at }: DecryptOptions<T>,
  ): Pick<Decrypted, "kind" | "plaintext" | "content" | "sentAt" | "skewed"> {
    const plain = openPayload(version, { key, ...(iv && { iv }), ...(sealed && { sealed }) });
    if (!plain) return { kind: "empty", skewed: false };
    const text = decoded(plain);
    if (version === "axolotl") return { kind: "message", plaintext: text, skewed: false };
    const addressed = group ?? to ?? (from === this.#context.self.jid ? undefined : this.#context.self.jid);
    const { content, at: sentAt } = parseSce(text, { from, to: addressed, group: group !== undefined });
    const body = content.getChild("body", "jabber:client")?.getText();
    return {
      kind: "message",
      content,
      ...(body !== undefined && { plaintext: body }),
      ...(sentAt && { sentAt }),
      skewed: sentAt !== undefined && at !== undefined && Math.abs(sentAt.getTime() - at.getTime()) > day,
    };
  }
}

/** It began a session: published no more, and gone after a while (`maintain`). */
async function usePreKey(
  transaction: OmemoTransaction,
  version: Version,
  id: number,
  now: number,
): Promise<void> {
  const key = `${version}/${String(id)}`;
  const row = (await transaction.get("preKeys", key))!;
  await transaction.put("preKeys", key, { ...row, usedAt: row.usedAt ?? now });
}

function decoded(plain: Uint8Array): string {
  try {
    return fromUtf8(plain);
  } catch (error) {
    if (error instanceof TypeError) throw new Unreadable("broken", "not UTF-8");
    throw error;
  }
}
