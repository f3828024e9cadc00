import { called } from "../../i18n/names.ts";
import { fold } from "../../i18n/fold.ts";
import type { Client } from "../../state/client.ts";
import type { Address, Chat, Person } from "../../state/model.ts";

/** No stranger: of one of one's circles, a contact, or asked to be one. */
export function familiar(person: Person | undefined): boolean {
  if (!person || person.blocked) return false;
  return person.circles.length > 0 || person.contact === "mutual" || person.contact === "asked";
}

/** Whether what is typed is the beginning of a word of the name, or a part of the address. */
export function matches(text: string, name: string, address: Address): boolean {
  const wish = fold(text.trim());
  if (!wish) return true;
  const whole = fold(name);
  if (whole.startsWith(wish)) return true;
  if (whole.split(/[\s-]+/).some((word) => word.startsWith(wish))) return true;
  return wish.length > 1 && fold(address).includes(wish);
}

/** Chats that something can be sent to. */
export function canWrite(chat: Chat): boolean {
  return !chat.request && (!chat.group || (chat.group.joined === "in" && chat.group.voice));
}

export function byName(a: { name: string }, b: { name: string }): number {
  return a.name.localeCompare(b.name);
}

/** Those one can write to: no strangers, nobody blocked. By name. */
export function familiarOnes(people: Iterable<Person>): Person[] {
  return [...people].filter(familiar).sort(byName);
}

/** Those of them whom the list has no chat with, by name. */
export function withoutChat(people: Iterable<Person>, chats: readonly Chat[]): Person[] {
  const listed = new Set(chats.map((chat) => chat.id));
  return familiarOnes(people).filter((one) => !listed.has(one.address));
}

/** A list shorter than this has room for those nobody has written to yet. */
const FEW = 5;
const MANY = 12;

/** Whom a new one of the family could write to: contacts without a chat, while there are few chats. */
export function unwritten(people: Iterable<Person>, chats: readonly Chat[]): Person[] {
  if (chats.length >= FEW) return [];
  return withoutChat(people, chats).slice(0, MANY);
}

export interface Shelf {
  /** Empty: those who are in none. */
  circle: string;
  people: Person[];
}

/** By circle, each person in the first of theirs; those of no circle last. */
export function byCircle(people: readonly Person[]): Shelf[] {
  const shelves = new Map<string, Person[]>();
  for (const one of people) {
    const circle = [...one.circles].sort((a, b) => a.localeCompare(b))[0] ?? "";
    const shelf = shelves.get(circle);
    if (shelf) shelf.push(one);
    else shelves.set(circle, [one]);
  }
  return [...shelves]
    .map(([circle, list]) => ({ circle, people: list }))
    .sort((a, b) => (a.circle ? (b.circle ? a.circle.localeCompare(b.circle) : -1) : 1));
}

/** A name for an address: the person's, the chat's, else what stands before the `@`. */
export function nameOf(client: Client, address: Address): string {
  return (
    client.people.value.get(address)?.name ??
    client.chats.value.find((chat) => chat.id === address)?.name ??
    called(address)
  );
}
