import { bare } from "../xmpp/jid.ts";
import type { Element } from "../xmpp/xml.ts";
import { N } from "./ns.ts";

export interface FileInfo {
  url: string;
  name: string;
  type: string;
  size?: number;
  width?: number;
  height?: number;
  /** Seconds. */
  duration?: number;
  waveform?: number[];
  caption?: string;
}

/** What the children of a message say, whether they came in the open or out of an encrypted envelope. */
export interface Payload {
  /** Without what stands in it only for apps that know no better (XEP-0428). */
  body?: string;
  file?: FileInfo;
  reply?: { to: string; ref: string };
  replaces?: string;
  retracts?: { ref: string; moderator: boolean };
  reacts?: { ref: string; emojis: string[] };
  mentions: string[];
  /** Which message has arrived (XEP-0184), and up to which all were read (XEP-0333). */
  receipt?: string;
  displayed?: string;
  /** Whether somebody types (XEP-0085). */
  state?: string;
}

/** A message stanza, read. Who really sent it is for the caller to decide. */
export interface Said extends Payload {
  type: "chat" | "groupchat" | "normal" | "headline" | "error";
  from: string;
  to: string;
  mid?: string;
  originId?: string;
  /** Ids by the archives that gave them. */
  stanzaIds: Map<string, string>;
  /** When it was said, if it comes late, as the address `by` has it (XEP-0203): anybody may write this. */
  delay?: { at: number; by: string };
  subject?: string;
  /** The sender wants to know that it arrived. */
  wantsReceipt: boolean;
  occupantId?: string;
  /** Who is behind the nick, as the room says (XEP-0313 section 6.1.3 of rooms that show it). */
  author?: string;
  invitation?: { room: string; password?: string; by?: string };
  encrypted?: { element: Element; version: 1 | 2 };
  /** Said to be encrypted in a way that this client reads (XEP-0380). */
  marked: boolean;
  /** Somebody else's encryption, that this client does not read. */
  foreign: boolean;
  nick?: string;
  error?: { condition: string; text?: string };
}

/** A longer id of an occupant is made to fill what keeps it. */
export const LONGEST_ID = 200;

const NAMES: Record<string, string> = {
  [N.reply]: "reply",
  [N.fileSharing]: "file",
  [N.retract]: "retract",
  [N.reactions]: "reactions",
};

export function read(message: Element): Said {
  const said: Said = {
    ...payload(message),
    type: (message.attrs.type ?? "normal") as Said["type"],
    from: message.attrs.from ?? "",
    to: message.attrs.to ?? "",
    stanzaIds: new Map(),
    wantsReceipt: message.getChild("request", N.receipts) !== undefined,
    marked: false,
    foreign: false,
  };
  if (message.attrs.id) said.mid = message.attrs.id;
  for (const child of message.getChildElements()) attend(child, said);
  if (said.type === "error") said.error = error(message);
  return said;
}

function attend(child: Element, said: Said): void {
  const { attrs } = child;
  switch (`${child.getNS()} ${child.getName()}`) {
    case `${N.stanzaId} stanza-id`:
      if (attrs.by && attrs.id) said.stanzaIds.set(attrs.by, attrs.id);
      break;
    case `${N.stanzaId} origin-id`:
      if (attrs.id) said.originId = attrs.id;
      break;
    case `${N.delay} delay`:
      if (attrs.stamp && Date.parse(attrs.stamp))
        said.delay = { at: Date.parse(attrs.stamp), by: attrs.from ?? "" };
      break;
    case `${N.occupantId} occupant-id`:
      if (attrs.id && attrs.id.length <= LONGEST_ID) said.occupantId = attrs.id;
      break;
    case `${N.conference} x`:
      // Beside one that a room passes on it stands for older apps, and says less.
      if (attrs.jid)
        said.invitation ??= { room: attrs.jid, ...(attrs.password && { password: attrs.password }) };
      break;
    case `${N.mucUser} x`:
      room(child, said);
      break;
    case `${N.omemo} encrypted`:
      said.encrypted = { element: child, version: 1 };
      break;
    case `${N.omemo2} encrypted`:
      said.encrypted ??= { element: child, version: 2 };
      break;
    case `${N.nick} nick`:
      said.nick = child.getText();
      break;
    case `${N.encryption} encryption`:
      said.marked = attrs.namespace === N.omemo || attrs.namespace === N.omemo2;
      said.foreign = !said.marked;
      break;
    default:
      if (child.is("subject")) said.subject = child.getText();
  }
}

/** What the room adds: who it is, and an invitation that it passes on (XEP-0045 section 7.8.2). */
function room(child: Element, said: Said): void {
  const author = child.getChild("item")?.attrs.jid;
  if (author) said.author = bare(author);
  const invite = child.getChild("invite");
  if (!invite?.attrs.from) return;
  const password = child.getChildText("password");
  said.invitation = { room: said.from, by: invite.attrs.from, ...(password !== null && { password }) };
}

function error(message: Element): { condition: string; text?: string } {
  const element = message.getChild("error");
  const condition = element
    ?.getChildElements()
    .find((child) => child.getNS() === N.stanzas && !child.is("text"));
  const text = element?.getChildText("text", N.stanzas);
  return { condition: condition?.getName() ?? "undefined-condition", ...(text && { text }) };
}

/** Reads what is said out of a message, or out of an envelope's content. */
export function payload(holder: Element): Payload {
  const found: Payload = { mentions: [] };
  for (const child of holder.getChildElements()) {
    const { id } = child.attrs;
    switch (`${child.getNS()} ${child.getName()}`) {
      case `${N.reply} reply`:
        if (id) found.reply = { ref: id, to: child.attrs.to ?? "" };
        break;
      case `${N.correct} replace`:
        if (id) found.replaces = id;
        break;
      case `${N.retract} retract`:
        if (id)
          found.retracts = { ref: id, moderator: child.getChild("moderated", N.moderate) !== undefined };
        break;
      case `${N.reactions} reactions`:
        if (id) found.reacts = { ref: id, emojis: emojis(child) };
        break;
      case `${N.reference} reference`:
        if (child.attrs.type === "mention" && child.attrs.uri) found.mentions.push(child.attrs.uri);
        break;
      case `${N.receipts} received`:
        if (id) found.receipt = id;
        break;
      case `${N.markers} displayed`:
        if (id) found.displayed = id;
        break;
      default:
        if (child.getNS() === N.chatStates) found.state = child.getName();
    }
  }
  const body = plainBody(holder);
  const file = shared(holder, body);
  if (file) found.file = file;
  if (body && !(file && body.trim() === file.url)) found.body = body;
  return found;
}

const emojis = (element: Element): string[] => [
  ...new Set(element.getChildren("reaction").flatMap((one) => one.getText().trim().slice(0, 40) || [])),
];

/** The body without the ranges that repeat, for older apps, what other elements say (XEP-0428). Offsets count code points. */
function plainBody(holder: Element): string | undefined {
  const body = holder.getChildText("body");
  if (body === null) return undefined;
  const ranges = holder
    .getChildren("fallback", N.fallback)
    .filter(
      (fallback) =>
        NAMES[fallback.attrs.for ?? ""] &&
        holder.getChildElements().some((child) => child.getNS() === fallback.attrs.for),
    )
    .flatMap((fallback) => {
      const parts = fallback.getChildren("body");
      return parts.length > 0 ? parts : fallback.getChildElements().length > 0 ? [] : [undefined];
    });
  if (ranges.length === 0) return body;
  const points = Array.from(body);
  const keep = points.map(() => true);
  for (const range of ranges) {
    const start = Number(range?.attrs.start ?? 0);
    const end = Number(range?.attrs.end ?? points.length);
    if (start >= 0 && end <= points.length) keep.fill(false, start, end);
  }
  return points
    .filter((_, index) => keep[index])
    .join("")
    .trim();
}

function shared(holder: Element, body: string | undefined): FileInfo | undefined {
  const sharing = holder.getChild("file-sharing", N.fileSharing);
  const target = sharing?.getChild("sources")?.getChild("url-data", N.urlData)?.attrs.target;
  const metadata = sharing?.getChild("file", N.fileMetadata);
  if (metadata && usable(target)) return described(metadata, target, holder);
  const oob = holder.getChild("x", N.oob)?.getChildText("url");
  if (usable(oob) && body?.trim() === oob) return guessed(oob);
  const alone = body?.trim();
  return alone?.startsWith("aesgcm://") && !/\s/.test(alone) ? guessed(alone) : undefined;
}

const usable = (url: string | null | undefined): url is string =>
  typeof url === "string" && /^(https|aesgcm):\/\/[^\s]+$/i.test(url);

function described(metadata: Element, url: string, holder: Element): FileInfo {
  const file: FileInfo = {
    url,
    name: metadata.getChildText("name") || nameOf(url),
    type: metadata.getChildText("media-type") ?? typeOf(url),
  };
  const caption = metadata.getChildText("desc");
  if (caption) file.caption = caption;
  for (const key of ["size", "width", "height"] as const) {
    const value = Number(metadata.getChildText(key));
    if (Number.isSafeInteger(value) && value > 0) file[key] = value;
  }
  const length = Number(metadata.getChildText("length"));
  if (length > 0 && length < 1e9) file.duration = length / 1000;
  const wave = holder.getChildText("waveform", N.voice);
  if (wave && /^[0-9 ]{1,300}$/.test(wave))
    file.waveform = wave
      .split(" ")
      .slice(0, 64)
      .map(Number)
      .map((value) => Math.min(100, value));
  return file;
}

const guessed = (url: string): FileInfo => ({ url, name: nameOf(url), type: typeOf(url) });

function nameOf(url: string): string {
  const last = url.split("#")[0]!.split("?")[0]!.split("/").pop() ?? "";
  try {
    return decodeURIComponent(last) || "file";
  } catch {
    return last;
  }
}

const TYPES: Record<string, string> = {
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  gif: "image/gif",
  webp: "image/webp",
  avif: "image/avif",
  mp4: "video/mp4",
  webm: "video/webm",
  mov: "video/quicktime",
  m4a: "audio/mp4",
  aac: "audio/aac",
  mp3: "audio/mpeg",
  ogg: "audio/ogg",
  oga: "audio/ogg",
  opus: "audio/ogg",
  wav: "audio/wav",
  weba: "audio/webm",
  pdf: "application/pdf",
};

const typeOf = (url: string): string =>
  TYPES[/\.([a-z0-9]+)$/i.exec(nameOf(url))?.[1]?.toLowerCase() ?? ""] ?? "application/octet-stream";
