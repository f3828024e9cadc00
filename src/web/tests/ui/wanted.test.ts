import { expect, test } from "vitest";
import type { Chat, Message, Person } from "../../state/model.ts";
import { comesByItself } from "../../ui/media/wanted.ts";
import { fake, type Fake } from "../fake.ts";

const mia = "mia@kith.test";
const person = (more: Partial<Person>): Person => ({
  address: mia,
  name: "Mia",
  circles: [],
  contact: "none",
  blocked: false,
  ...more,
});

function world(chat: Partial<Chat>, known?: Person): Fake {
  const client = fake({ empty: true });
  const made: Chat = {
    id: mia,
    kind: "person",
    name: "Mia",
    at: 0,
    unread: 0,
    mentions: 0,
    pinned: false,
    mute: "no",
    request: false,
    lock: "off",
    lockable: "noApp",
    ...chat,
  };
  client.state.chats.value = [made];
  client.state.people.value = new Map(known ? [[known.address, known]] : []);
  return client;
}

const photo = (more: Partial<Message> = {}, size = 300_000): Message => ({
  id: "1",
  chat: mia,
  at: 0,
  own: false,
  from: mia,
  who: "Mia",
  kind: "photo",
  text: "",
  attachment: { url: "https://elsewhere.test/1.jpg", name: "1.jpg", type: "image/jpeg", size },
  reactions: [],
  edited: false,
  retracted: false,
  encrypted: false,
  mention: false,
  ...more,
});
const group = (closed: boolean, id = "family@groups.kith.example"): Partial<Chat> => ({
  id,
  kind: "group",
  group: { joined: "in", nick: "Anna", closed, role: "member", voice: true },
});

test.each([
  ["of a circle", person({ circles: ["Family"] }), true],
  ["a contact", person({ contact: "mutual" }), true],
  ["asked to be one", person({ contact: "asked" }), true],
  ["a stranger who asks", person({ contact: "asks" }), false],
  ["somebody without more", person({}), false],
  ["blocked", person({ contact: "mutual", blocked: true }), false],
  ["nobody known", undefined, false],
])("the photo of somebody who is %s", (_, known, comes) => {
  expect(comesByItself(world({}, known), photo())).toBe(comes);
});

test("a request's photo waits, whoever sent it", () => {
  const client = world({ request: true }, person({ contact: "mutual" }));
  expect(comesByItself(client, photo())).toBe(false);
});

test("where anybody may enter photos wait, but for those of people one knows", () => {
  const comes = (chat: Partial<Chat>, known?: Person, from = `${mia} occupant`) =>
    comesByItself(world(chat, known), photo({ chat: chat.id!, from }));
  expect(comes(group(true))).toBe(true);
  expect(comes(group(false))).toBe(false);
  expect(comes(group(false), person({ circles: ["Family"] }), mia)).toBe(true);
  // Another server may say so of any group.
  expect(comes(group(true, "club@groups.evil.example"))).toBe(false);
  expect(comes(group(true, "club@evilkith.example"))).toBe(false);
});

test("what is large waits, of whomever", () => {
  const client = world({}, person({ circles: ["Family"] }));
  expect(comesByItself(client, photo({}, 11_000_000))).toBe(false);
  expect(comesByItself(client, photo({ own: true }, 11_000_000))).toBe(true);
});
