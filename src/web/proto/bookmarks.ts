import { clone, x, type Element } from "../xmpp/xml.ts";
import type { Asker } from "./asker.ts";
import { N } from "./ns.ts";
import { items, publish, retract, type Item } from "./pubsub.ts";

/** A group that this account is in (XEP-0402). */
export interface Bookmark {
  room: string;
  name?: string;
  autojoin: boolean;
  nick?: string;
  password?: string;
  /** XEP-0492 and XEP-0469 (`wishes.ts`), and what others' clients put there, kept as it is. */
  extensions?: Element;
}

export async function bookmarks(stream: Asker): Promise<Bookmark[]> {
  return (await items(stream, N.bookmarks)).flatMap(read);
}

export function read(item: Item): Bookmark[] {
  const conference = item.payload;
  if (!conference?.is("conference", N.bookmarks)) return [];
  const extensions = conference.getChild("extensions");
  return [
    {
      room: item.id,
      autojoin: conference.attrs.autojoin === "true" || conference.attrs.autojoin === "1",
      ...(conference.attrs.name && { name: conference.attrs.name }),
      ...optional("nick", conference.getChildText("nick")),
      ...optional("password", conference.getChildText("password")),
      ...(extensions && { extensions }),
    },
  ];
}

export async function keep(stream: Asker, bookmark: Bookmark): Promise<void> {
  const { name, nick, password, extensions } = bookmark;
  const conference = x(
    "conference",
    { xmlns: N.bookmarks, name, autojoin: bookmark.autojoin ? "true" : "false" },
    nick !== undefined && x("nick", {}, nick),
    password !== undefined && x("password", {}, password),
    extensions && clone(extensions),
  );
  await publish(stream, N.bookmarks, bookmark.room, conference, {
    access: "whitelist",
    max: "max",
    sendLast: "never",
  });
}

export const drop = (stream: Asker, room: string): Promise<void> => retract(stream, N.bookmarks, room);

const optional = <K extends string>(key: K, value: string | null): Partial<Record<K, string>> =>
  value === null ? {} : ({ [key]: value } as Record<K, string>);
