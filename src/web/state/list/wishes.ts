import type { Event } from "../../proto/pubsub.ts";
import * as wishes from "../../proto/wishes.ts";
import type { Element } from "../../xmpp/xml.ts";
import type { Chats } from "../core/chats.ts";
import type { Core } from "../core/core.ts";
import type { Groups } from "../groups/groups.ts";
import type { Address, Mute } from "../model.ts";

/** Which chats are pinned and muted, on all of a person's devices: a group's with its bookmark, all others here. */
export class Wishes {
  private readonly holders = new Map<Address, Element>();

  constructor(
    private readonly core: Core,
    private readonly chats: Chats,
    private readonly groups: Groups,
  ) {}

  async load(): Promise<void> {
    const all = await wishes.kept(this.core.stream);
    this.holders.clear();
    for (const kept of all) await this.adopt(kept);
    for (const row of [...this.chats.all()])
      if (row.kind === "person" && !this.holders.has(row.id) && (row.pinned || row.mute !== "no"))
        // Wished on this device before the box kept such things.
        await this.set(row.id, { pinned: row.pinned, mute: row.mute });
  }

  /** Changed on another device. */
  event({ items }: Event): void {
    for (const kept of items.flatMap(wishes.readKept)) this.core.aside(this.adopt(kept));
  }

  pin(chat: Address, pinned: boolean): Promise<void> {
    return this.set(chat, { pinned });
  }

  mute(chat: Address, mute: Mute): Promise<void> {
    return this.set(chat, { mute });
  }

  private async set(chat: Address, change: Partial<wishes.Wish>): Promise<void> {
    if (this.chats.isGroup(chat)) await this.groups.wish(chat, change);
    else {
      const holder = wishes.change(this.holders.get(chat) ?? wishes.nothing(), change);
      this.holders.set(chat, holder);
      await wishes.keep(this.core.stream, { chat, holder });
    }
    await this.chats.save(this.chats.ensure(chat), change);
  }

  private async adopt({ chat, holder }: wishes.Kept): Promise<void> {
    this.holders.set(chat, holder);
    const { pinned, mute = "no" } = wishes.read(holder);
    const row = this.chats.ensure(chat);
    if (row.pinned !== pinned || row.mute !== mute) await this.chats.save(row, { pinned, mute });
  }
}
