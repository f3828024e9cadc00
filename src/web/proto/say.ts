import { x, type Element } from "../xmpp/xml.ts";
import type { FileInfo } from "./said.ts";
import { N } from "./ns.ts";

/** What is to be said in one message. */
export interface Content {
  body?: string;
  /** `secret`: the words that it answers came encrypted. */
  reply?: { to: string; ref: string; quoted: string; secret?: boolean };
  file?: FileInfo;
  replaces?: string;
  retracts?: string;
  reacts?: { ref: string; emojis: string[] };
  /** Addresses (`xmpp:` URIs) of those whom it names. */
  mentions?: string[];
}

export interface Address {
  to: string;
  group: boolean;
  /** Also its origin-id. */
  id: string;
}

/** A message in the open: it names an encrypted one that it answers, and does not say its words. */
export function say(content: Content, address: Address): Element {
  const { reply } = content;
  const open = reply?.secret ? { ...content, reply: { ...reply, quoted: "" } } : content;
  const message = frame(open, address);
  for (const child of payload(open)) message.append(child);
  return message;
}

/** The stanza around what is said: id, and the wish to hear that it arrived and was read. */
export function frame(content: Content, { to, group, id }: Address): Element {
  const worth = content.body !== undefined || content.file !== undefined;
  return x(
    "message",
    { to, id, type: group ? "groupchat" : "chat" },
    x("origin-id", { xmlns: N.stanzaId, id }),
    worth && !group && !content.replaces && x("request", { xmlns: N.receipts }),
    worth && x("markable", { xmlns: N.markers }),
    x("store", { xmlns: N.hints }),
  );
}

/** The children that say it: in the open, or inside an envelope. */
export function payload(content: Content): Element[] {
  const { reply, file, replaces, retracts, reacts } = content;
  const said: Element[] = [];
  if (replaces !== undefined) said.push(x("replace", { xmlns: N.correct, id: replaces }));
  if (reacts)
    said.push(
      x(
        "reactions",
        { xmlns: N.reactions, id: reacts.ref },
        ...reacts.emojis.map((one) => x("reaction", {}, one)),
      ),
    );
  if (retracts !== undefined) {
    said.push(
      x("retract", { xmlns: N.retract, id: retracts }),
      x("fallback", { xmlns: N.fallback, for: N.retract }),
    );
    said.push(x("body", {}, "/me retracted a previous message"));
  }
  for (const uri of content.mentions ?? [])
    said.push(x("reference", { xmlns: N.reference, type: "mention", uri }));
  if (file) said.push(...sharing(file));
  if (reply) said.push(x("reply", { xmlns: N.reply, to: reply.to, id: reply.ref }));
  const quote = reply ? quoted(reply.quoted) : "";
  if (quote) said.push(fallback(N.reply, 0, count(quote)));
  if (content.body !== undefined || (file && quote))
    said.push(x("body", {}, quote + (file ? file.url : (content.body ?? ""))));
  else if (file) said.push(x("body", {}, file.url));
  return said;
}

const fallback = (of: string, start: number, end: number): Element =>
  x("fallback", { xmlns: N.fallback, for: of }, x("body", { start, end }));

const count = (text: string): number => Array.from(text).length;

/** For apps that know no replies (XEP-0461 section 3.1). */
const quoted = (text: string): string =>
  text === ""
    ? ""
    : `${text
        .split("\n")
        .slice(0, 4)
        .map((line) => `> ${line}`)
        .join("\n")}\n`;

/** A file as apps of today describe it (XEP-0447), and as all others find it (XEP-0066). */
function sharing(file: FileInfo): Element[] {
  const text = (name: string, value: string | number | undefined) =>
    value !== undefined && x(name, {}, String(value));
  const metadata = x(
    "file",
    { xmlns: N.fileMetadata },
    text("media-type", file.type),
    text("name", file.name),
    text("size", file.size),
    text("width", file.width),
    text("height", file.height),
    text("length", file.duration && Math.round(file.duration * 1000)),
    text("desc", file.caption),
  );
  return [
    x(
      "file-sharing",
      { xmlns: N.fileSharing, disposition: "inline" },
      metadata,
      x("sources", {}, x("url-data", { xmlns: N.urlData, target: file.url })),
    ),
    ...(file.waveform ? [x("waveform", { xmlns: N.voice }, file.waveform.join(" "))] : []),
    x("x", { xmlns: N.oob }, x("url", {}, file.url)),
  ];
}

/** That a message arrived (XEP-0184) or was read (XEP-0333), or that somebody types (XEP-0085): kept by nobody. */
export const receipt = (to: string, ref: string): Element =>
  x(
    "message",
    { to, type: "chat" },
    x("received", { xmlns: N.receipts, id: ref }),
    x("store", { xmlns: N.hints }),
  );

export const displayedMark = (to: string, group: boolean, ref: string): Element =>
  x(
    "message",
    { to, type: group ? "groupchat" : "chat" },
    x("displayed", { xmlns: N.markers, id: ref }),
    x("store", { xmlns: N.hints }),
  );

export const chatState = (to: string, group: boolean, state: "composing" | "paused" | "active"): Element =>
  x(
    "message",
    { to, type: group ? "groupchat" : "chat" },
    x(state, { xmlns: N.chatStates }),
    x("no-store", { xmlns: N.hints }),
  );
