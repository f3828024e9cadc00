import type { Core } from "../core/core.ts";
import type { Address } from "../model.ts";

/** Somebody who says nothing more of it has stopped. */
const FORGET = 20_000;
/** Names that are told of a chat; in a large group more may type. */
const MOST = 10;
/** How long without a key is a pause. */
const PAUSE = 6_000;

/** Who types where (XEP-0085), and that we do. */
export class Typing {
  private readonly others = new Map<Address, Map<string, ReturnType<typeof setTimeout>>>();
  private own: { chat: Address; timer: ReturnType<typeof setTimeout> } | undefined;

  constructor(
    private readonly core: Core,
    private readonly say: (chat: Address, state: "composing" | "paused" | "active") => void,
  ) {}

  heard(chat: Address, who: string, state: string): void {
    const names = this.others.get(chat) ?? new Map<string, ReturnType<typeof setTimeout>>();
    const had = names.get(who);
    if (had === undefined && (state !== "composing" || names.size >= MOST)) return;
    clearTimeout(had);
    if (state === "composing")
      names.set(
        who,
        setTimeout(() => this.heard(chat, who, "gone"), FORGET),
      );
    else names.delete(who);
    if (names.size > 0) this.others.set(chat, names);
    else this.others.delete(chat);
    if (had === undefined || state !== "composing") this.core.emit({ typing: [[chat, [...names.keys()]]] });
  }

  /** Who types where at the moment. */
  views(): [Address, string[]][] {
    return [...this.others].map(([chat, names]) => [chat, [...names.keys()]]);
  }

  /** The person at the screen types, or has stopped. */
  self(chat: Address, now: boolean): void {
    if (!this.core.settings.typing) return;
    if (this.own && (this.own.chat !== chat || !now)) this.stop("paused");
    if (!now) return;
    if (this.own) clearTimeout(this.own.timer);
    else this.say(chat, "composing");
    this.own = { chat, timer: setTimeout(() => this.stop("paused"), PAUSE) };
  }

  /** What was typed has been sent: the message itself says so. */
  sent(): void {
    if (this.own) clearTimeout(this.own.timer);
    this.own = undefined;
  }

  private stop(state: "paused" | "active"): void {
    if (!this.own) return;
    clearTimeout(this.own.timer);
    const { chat } = this.own;
    this.own = undefined;
    this.say(chat, state);
  }
}
