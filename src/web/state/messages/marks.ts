import type { Payload } from "../../proto/said.ts";
import type { Work } from "../core/work.ts";
import type { Delivery } from "../model.ts";
import type { Arrival } from "./arrival.ts";
import type { Parts } from "./surroundings.ts";

const ORDER: Delivery[] = ["failed", "waiting", "sent", "delivered", "read"];
/** A mark says that everything before was read too; what is further back was marked before. */
const MARKED = 50;

/** What others say of having got and read, and that they type. */
export class Marks {
  constructor(private readonly parts: Parts) {}

  /** Marks, receipts and typing: in the open as most apps say them, or in an envelope as Converse.js does. */
  async take(
    { said, chat, speaker, group, live, copied }: Arrival,
    { receipt, displayed, state }: Payload,
    work: Work,
  ): Promise<void> {
    if (!speaker.own && receipt) await this.progress(work, chat, receipt, "delivered", false);
    if (displayed && !group) {
      if (speaker.own) this.parts.around.readElsewhere(chat, displayed);
      else await this.progress(work, chat, displayed, "read", true);
    }
    if (displayed && group && !speaker.own)
      await this.parts.around.readInGroup(work, chat, { ...said, displayed });
    if (live && !speaker.own && !copied && state) this.parts.around.typing(chat, speaker.who, state);
  }

  /** One's own messages got further; with `upTo` all before that one too (XEP-0333 section 3). */
  private async progress(
    work: Work,
    chat: string,
    mid: string,
    state: Delivery,
    upTo: boolean,
  ): Promise<void> {
    const row = await work.find(chat, "mid", mid);
    if (!row) return;
    const earlier = upTo ? await this.parts.core.store.stretch(chat, row, "older", MARKED) : [];
    for (const stored of [row, ...earlier]) {
      const one = work.messages.get(stored.id) ?? stored;
      if (!one.own || !one.state || ORDER.indexOf(one.state) >= ORDER.indexOf(state)) continue;
      // What has not left cannot have been read, whatever came after it.
      if (stored !== row && (one.state === "failed" || one.state === "waiting")) continue;
      const next = { ...one, state };
      work.put(next);
      // It may be told before the box has acknowledged it.
      if (one.state === "waiting") this.parts.around.arrived(one.id, work);
      this.parts.chats.arrived(work, next, false);
    }
  }
}
