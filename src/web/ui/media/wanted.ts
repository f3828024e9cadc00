import { signal } from "@preact/signals";
import type { Client } from "../../state/client.ts";
import type { Message } from "../../state/model.ts";
import { familiar } from "../shell/people.ts";

/** As much as this is loaded without being asked for (bytes). */
export const most = 10 * 1_048_576;

const asked = signal<ReadonlySet<string>>(new Set());

/** Somebody wants to see what this message brings. */
export function want(message: string): void {
  if (!asked.value.has(message)) asked.value = new Set(asked.value).add(message);
}

export const isWanted = (message: string): boolean => asked.value.has(message);

/**
 * Whether what a message brings may be fetched by itself: a stranger would learn from it where one is, and when one reads,
 * and in a room that anybody may enter all are strangers.
 */
export function comesByItself(client: Client, message: Message): boolean {
  if (message.own) return true;
  if ((message.attachment?.size ?? 0) > most) return false;
  const chat = client.chats.value.find((one) => one.id === message.chat);
  const people = client.people.value;
  // That it is closed is the word of its server: of one's own that counts.
  if (chat?.group)
    return (chat.group.closed && isHere(client, chat.id)) || familiar(people.get(message.from));
  return chat?.request !== true && familiar(people.get(message.chat));
}

const host = (address: string): string => address.slice(address.indexOf("@") + 1);

const isHere = ({ me }: Client, group: string): boolean =>
  `.${host(group)}`.endsWith(`.${host(me.value.address)}`);
