import type { ChatRow } from "../../store/records.ts";
import type { Chats } from "../core/chats.ts";
import type { Core } from "../core/core.ts";
import type { Lock, Lockable } from "../model.ts";
import type { Keyring } from "./keyring.ts";

interface Parts {
  readonly core: Core;
  readonly chats: Chats;
}

/** Which chats are encrypted: as a person said, else as the other side can. */
export class Locks {
  constructor(
    private readonly parts: Parts,
    private readonly ring: Keyring,
  ) {}

  lock(chat: ChatRow): { lock: Lock; lockable: Lockable } {
    const lockable = this.lockable(chat);
    if (!this.wanted(chat)) return { lock: "off", lockable };
    const trusts = chat.kind === "person" ? this.ring.trusts(chat.id) : [];
    if (trusts.includes("undecided")) return { lock: "undecided", lockable };
    return {
      lock:
        trusts.length > 0 && trusts.every((one) => one === "verified" || one === "refused")
          ? "verified"
          : "on",
      lockable,
    };
  }

  private lockable(chat: ChatRow): Lockable {
    if (chat.kind === "group") return chat.group?.closed ? "yes" : "open";
    return !chat.id.includes("/") && this.ring.hasDevices(chat.id) ? "yes" : "noApp";
  }

  /** Undefined: nobody has asked yet whether the other side can. */
  wanted(chat: ChatRow): boolean | undefined {
    if (chat.lock !== undefined) return chat.lock;
    if (chat.kind === "group" || chat.id.includes("/")) return false;
    return this.parts.core.settings.encryptByDefault && this.ring.hasDevices(chat.id);
  }

  /** What is locked once stays so until a person says otherwise: a server that hides somebody's devices opens no chat. */
  async hold(chat: ChatRow): Promise<void> {
    if (chat.lock === undefined) await this.parts.chats.save(chat, { lock: true });
  }
}
