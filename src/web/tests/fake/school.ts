import { t } from "../../i18n/index.ts";
import type { Address, Message } from "../../state/model.ts";
import { hour, minute, now } from "./people.ts";
import { photo, say } from "./say.ts";

const shapes = { w: [1600, 900], t: [900, 1600], "?": [] } as const;

/** Pictures that were sent together: two, three, four and nine of them, wide, tall (`wt`) and of unknown shape. */
export function school(chat: Address): Message[] {
  let sent = 0;
  const sends = (who: string, kinds: string, more: Readonly<Record<number, Partial<Message>>> = {}) => {
    sent++;
    return [...kinds].map((kind, i) => {
      const { width: _, height: __, ...rest } = photo(`${sent} ${i}.jpg`);
      const [width, height] = shapes[kind as keyof typeof shapes];
      return say(chat, who, now - 3 * hour + sent * 3 * minute + i * 1000, "", {
        id: `school-${sent}-${i}`,
        kind: "photo",
        attachment: { ...rest, ...(width && { width, height }) },
        ...more[i],
      });
    });
  };
  const felt = { reactions: [{ emoji: "❤️", who: [t("who.you"), "Ben"], own: true }] };
  const film = {
    kind: "video" as const,
    attachment: { url: "https://kith.example/c", name: "c.mp4", type: "video/mp4", duration: 21 },
  };
  return [
    ...sends("Jonas", "ww"),
    ...sends("Mia", "tw", { 1: { text: "The stage, and the hall behind it" } }),
    ...sends("", "wtw", { 0: felt }),
    ...sends("Ben", "twt", { 1: film, 2: felt }),
    ...sends("Mia", "?t?w", { 0: { text: "Rehearsal" }, 3: felt }),
    ...sends("", "wtwt", { 1: { state: "delivered" }, 2: { state: "waiting" }, 3: { state: "waiting" } }),
    ...sends("Jonas", "wwwwttwww", { 6: felt }),
  ];
}
