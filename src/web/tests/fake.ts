import { signal, type Signal } from "@preact/signals";
import type { Client, Toast } from "../state/client.ts";
import type {
  Address,
  Chat,
  Link,
  Me,
  Message,
  Person,
  Presence,
  Settings,
  Transfer,
} from "../state/model.ts";
import { chats as exampleChats } from "./fake/chats.ts";
import { commands } from "./fake/commands.ts";
import { messages as exampleMessages } from "./fake/messages.ts";
import { pictureOf, soundOf } from "./fake/pictures.ts";
import { home, people, presences } from "./fake/people.ts";
import { View } from "./fake/view.ts";

/** What the commands of the fake client change. */
export interface State {
  me: Signal<Me>;
  link: Signal<Link>;
  chats: Signal<readonly Chat[]>;
  listed: Signal<boolean>;
  people: Signal<ReadonlyMap<Address, Person>>;
  presence: Signal<ReadonlyMap<Address, Presence>>;
  typing: Signal<ReadonlyMap<Address, readonly string[]>>;
  transfers: Signal<ReadonlyMap<string, Transfer>>;
  settings: Signal<Settings>;
  toasts: Signal<readonly Toast[]>;
  messages: Map<Address, Signal<readonly Message[]>>;
  /** What was asked of it, oldest first: `send family@… Hello`. */
  asked: string[];
}

export interface Fake extends Client {
  /** To change what it shows from outside. */
  readonly state: State;
}

/** What somebody has who has just come: the family's chat, and nothing said in it. */
function firstChats(): Chat[] {
  const { last: _, ...family } = exampleChats().find((chat) => chat.kind === "group")!;
  return [{ ...family, unread: 0, mentions: 0, pinned: false }];
}

/**
 * A client without a box: a family's chats, always the same, at a fixed time (`now` of `fake/people.ts`), for pictures and tests.
 * Its commands do to its own data what the real ones would, and remember that they were asked.
 */
export function fake(options: { empty?: boolean; first?: boolean } = {}): Fake {
  const bare = options.empty === true;
  const state: State = {
    me: signal({ address: `anna@${home}`, name: "Anna", mayInvite: true, own: true, picture: "anna" }),
    link: signal<Link>("online"),
    listed: signal(true),
    chats: signal<readonly Chat[]>(bare ? [] : options.first ? firstChats() : exampleChats()),
    people: signal(new Map(bare ? [] : people.map((person) => [person.address, person]))),
    presence: signal<ReadonlyMap<Address, Presence>>(presences),
    typing: signal<ReadonlyMap<Address, readonly string[]>>(
      bare || options.first ? new Map() : new Map([[`family@groups.${home}`, ["Oma"]]]),
    ),
    transfers: signal<ReadonlyMap<string, Transfer>>(
      new Map(["family-upload", "school-6-2"].map((message) => [message, { message, done: 0.42 }])),
    ),
    settings: signal<Settings>({
      language: "auto",
      theme: "auto",
      readMarks: true,
      typing: true,
      encryptByDefault: true,
      enterSends: true,
    }),
    toasts: signal<readonly Toast[]>([]),
    messages: new Map(),
    asked: [],
  };
  const of = (chat: Address) => {
    let list = state.messages.get(chat);
    if (!list) state.messages.set(chat, (list = signal(bare ? [] : exampleMessages(chat))));
    return list;
  };
  return {
    ...state,
    state,
    do: commands(state, of),
    open: (chat) => new View(of(chat)),
    picture: (key) => Promise.resolve(pictureOf(key)),
    blob: async (attachment) => (await fetch(soundOf(attachment.duration ?? 1))).blob(),
    file: (attachment) =>
      attachment.type.startsWith("audio/")
        ? Promise.resolve(soundOf(attachment.duration ?? 1))
        : attachment.type.startsWith("image/")
          ? Promise.resolve(pictureOf(attachment.name))
          : Promise.resolve(URL.createObjectURL(new Blob([attachment.name]))),
  };
}
