import type { Address, Message } from "../../state/model.ts";
import { home } from "./people.ts";

let count = 0;

/** A message of one's own when `who` is empty. */
export function say(
  chat: Address,
  who: string,
  at: number,
  text: string,
  more: Partial<Message> = {},
): Message {
  const own = who === "";
  return {
    id: `${chat}-${count++}`,
    chat,
    at,
    own,
    from: own ? `anna@${home}` : `${who.toLowerCase()}@${home}`,
    who: own ? "Anna" : who,
    kind: "text",
    text,
    reactions: [],
    edited: false,
    retracted: false,
    encrypted: true,
    mention: false,
    ...(own ? { state: "read" as const } : {}),
    ...more,
  };
}

/** A photo that is on the box. */
export function photo(name: string, width = 1600, height = 900) {
  return { url: `https://${home}/${name}`, name, type: "image/jpeg", size: 824_000, width, height };
}
