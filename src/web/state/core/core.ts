import { t } from "../../i18n/index.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { bare } from "../../xmpp/jid.ts";
import type { Connection } from "../../xmpp/connection.ts";
import type { Element } from "../../xmpp/xml.ts";
import { clockOffset } from "../../proto/account.ts";
import { Archives } from "../../proto/mam.ts";
import type { Store } from "../../store/store.ts";
import { full, put } from "../../store/store.ts";
import { Clock } from "./clock.ts";
import type { Me, Settings } from "../model.ts";
import type { Patch } from "../patch.ts";

export const DEFAULTS: Settings = {
  language: "auto",
  theme: "auto",
  readMarks: true,
  typing: true,
  encryptByDefault: true,
  enterSends: true,
};

/** How long after it was said that there is no room it may be said again (milliseconds). */
const AGAIN = 600_000;

/** Further off than this, a number is no time, or a clock is wrong (milliseconds). */
const NEAR = 600_000;

const counted = (stanzaId: string | undefined): number | undefined => {
  const number = stanzaId !== undefined && /^[1-9]\d{0,15}$/.test(stanzaId) ? Number(stanzaId) : NaN;
  return Number.isSafeInteger(number) ? number : undefined;
};

/** What every part of the client leans on: who we are, the stream, the store, and the way to the pages. */
export class Core {
  readonly archives: Archives;
  readonly clock: Clock;
  settings: Settings = DEFAULTS;
  private seq = 0;
  private toasts = 0;

  constructor(
    readonly stream: Connection,
    readonly store: Store,
    readonly emit: (patch: Patch) => void,
    public me: Me,
  ) {
    this.archives = new Archives(stream);
    this.clock = new Clock(() => clockOffset(stream));
  }

  get domain(): string {
    return this.me.address.slice(this.me.address.indexOf("@") + 1);
  }

  get online(): boolean {
    return this.stream.status === "online";
  }

  /** Whether a stanza comes from the own account, or from the server in its name. */
  fromSelf(from: string | undefined): boolean {
    return from === undefined || bare(from) === this.me.address;
  }

  /** Server time, so that what is said here and what the archive tells stand in one order. */
  now(): number {
    return this.clock.now();
  }

  /** Orders what was said in the same moment: by the archive's id where that counts, else by arrival. */
  order(stanzaId?: string): number {
    const number = counted(stanzaId);
    if (number !== undefined) return number;
    this.seq = Math.max(this.seq + 1, this.now() * 1000);
    return this.seq;
  }

  /**
   * When the archive got what has just come: on a Kith its ids count microseconds. Devices that hear of a message at
   * different moments, or find it in the archive later, so put it in the same place.
   */
  timeOf(stanzaId: string | undefined): number {
    const now = this.now();
    const time = Math.floor((counted(stanzaId) ?? 0) / 1000);
    return Math.abs(time - now) < NEAR ? Math.min(time, now) : now;
  }

  setMe(change: Partial<Me>): void {
    this.me = { ...this.me, ...change };
    this.emit({ me: this.me });
    void this.store.write([put("kv", { id: "me", ...this.me })]);
  }

  async set<K extends keyof Settings>(key: K, value: Settings[K]): Promise<void> {
    this.settings = { ...this.settings, [key]: value };
    this.emit({ settings: this.settings });
    await this.store.write([put("kv", { id: "settings", ...this.settings })]);
  }

  /** What nobody waits for has failed: a session that ends or a box that refuses ends it, a full disk is said; any other fault is told. */
  fault(error: unknown): void {
    const known =
      error instanceof StanzaError ||
      (error instanceof Error && (error.name === "Lost" || error.name === "Unreachable"));
    if (full(error)) this.noRoom();
    else if (!known) reportError(error);
  }

  /** Said again after a while, if it is still so. */
  private noRoom(): void {
    if (performance.now() < this.saidFull) return;
    this.saidFull = performance.now() + AGAIN;
    this.toast(t("error.full"), "wrong");
  }

  private saidFull = 0;

  toast(text: string, tone: "calm" | "wrong" = "calm"): void {
    this.emit({ toast: { id: ++this.toasts, text, tone } });
  }

  /** Says what is worth nothing later: with a lost session it is lost. */
  tell(stanza: Element): void {
    if (this.online) void this.stream.send(stanza).catch(() => undefined);
  }

  /** Lets something run by itself. */
  aside(act: Promise<unknown>): void {
    act.catch((error: unknown) => this.fault(error));
  }
}
