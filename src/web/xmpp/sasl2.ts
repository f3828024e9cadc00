import { fromBase64, toBase64, utf8, type Bytes } from "./bytes.ts";
import { conditionOf, Lost, ProtocolError, Refused } from "./errors.ts";
import { FAST_MECHANISM, HashedToken, readToken, type FastToken } from "./fast.ts";
import { bare, local } from "./jid.ts";
import type { Line } from "./line.ts";
import type { Mechanism } from "./mechanism.ts";
import { NS } from "./ns.ts";
import { Scram, type Offered } from "./scram.ts";
import { x, type Element } from "./xml.ts";

/** This browser, as the server knows it (XEP-0388 §2.3). */
export interface Device {
  /** A UUID, version 4, that stays with this browser. */
  id: string;
  software: string;
  name: string;
}

/** Who signs in, and what else is to be done in the same step. */
export interface SignIn {
  address: string;
  password: string | undefined;
  token: FastToken | undefined;
  /** Absent: no device comes of it. */
  device?: Device;
  /** Called with nothing for a token that the server does not know any more. */
  saveToken: (token: FastToken | undefined) => void;
  /** `<resume/>`, `<bind/>` and what else goes into `<authenticate/>`. */
  inline: () => Inline;
}

type Inline = (Element | undefined)[];

/** Worth another attempt later; with everything else it is the credentials. */
const TEMPORARY = ["temporary-auth-failure", "aborted"];
/** The token is spent; after others (a locked account) it may be good again. */
const SPENT = ["not-authorized", "credentials-expired"];

/**
 * Signs in by SASL2 (XEP-0388): by the token if there is one, then by the password. Resolves with `<success/>` after the
 * server has proved that it knows the secret.
 * @throws Refused when the credentials are wrong; anything else is worth another attempt.
 */
export async function signIn(line: Line, features: Element, who: SignIn): Promise<Element> {
  const offer = read(features);
  if (who.token && takes(offer, who.token)) {
    try {
      return await byToken(line, offer, who, who.token, x("fast", { xmlns: NS.fast }));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (SPENT.includes(error.condition)) who.saveToken(undefined);
      if (who.password === undefined) throw error;
    }
  }
  const wanted = x("request-token", { xmlns: NS.fast, mechanism: FAST_MECHANISM });
  const extra = offer.tokens.includes(FAST_MECHANISM) ? [wanted] : [];
  return run(line, byPassword(offer, who, line.transport.secure), who, [...extra, ...who.inline()]);
}

/** What follows are sign-ins without a session: nothing is bound. */
const alone = { password: undefined, token: undefined, saveToken: () => undefined, inline: () => [] };

/** Makes the token good for nothing (XEP-0484 §3.6). */
export async function invalidate(
  line: Line,
  features: Element,
  who: { address: string; device: Device; token: FastToken },
): Promise<void> {
  const last = x("fast", { xmlns: NS.fast, invalidate: "true" });
  await byToken(line, read(features), { ...alone, ...who }, who.token, last);
}

/**
 * Finds out whether this is the account's password.
 * @throws Refused when it is not; anything else says nothing of it.
 */
export async function prove(
  line: Line,
  features: Element,
  who: { address: string; password: string },
): Promise<void> {
  const sure = { ...alone, ...who };
  await run(line, byPassword(read(features), sure, line.transport.secure), sure, []);
}

interface Offer extends Offered {
  /** Mechanisms for tokens. */
  tokens: string[];
}

function read(features: Element): Offer {
  const feature = features.getChild("authentication", NS.sasl2);
  if (!feature) throw new ProtocolError("the server has no SASL2");
  const bindings = features.getChild("sasl-channel-binding", NS.channelBinding);
  return {
    mechanisms: texts(feature, "mechanism"),
    channelBindings: (bindings?.getChildren("channel-binding") ?? []).map((one) => one.attrs["type"] ?? ""),
    tokens: texts(feature.getChild("inline")?.getChild("fast", NS.fast), "mechanism"),
  };
}

const takes = (offer: Offer, token: FastToken): boolean =>
  token.mechanism === FAST_MECHANISM && offer.tokens.includes(FAST_MECHANISM);

// The counter of §3.4 is for TLS 0-RTT, which no WebSocket is opened with. Without it a page that dies before its storage
// has the number does not lose a good token, and the server writes nothing.
function byToken(line: Line, offer: Offer, who: SignIn, token: FastToken, fast: Element): Promise<Element> {
  if (!takes(offer, token)) throw new Refused("invalid-mechanism");
  return run(line, new HashedToken(local(who.address), token.token), who, [fast, ...who.inline()]);
}

function byPassword(offer: Offer, { address, password }: SignIn, secure: boolean): Mechanism {
  if (password === undefined) throw new Refused("invalid-mechanism", "no token that the server takes");
  const { mechanisms } = offer;
  const hash = (["SHA-256", "SHA-1"] as const).find((one) => mechanisms.includes(`SCRAM-${one}`));
  if (hash) return new Scram(hash, local(address), password, offer);
  if (secure && mechanisms.length > 0 && mechanisms.every((name) => name === "PLAIN"))
    return plain(local(address), password);
  throw new ProtocolError("the server has no mechanism that we know");
}

/** RFC 4616: for a server that has nothing else, and inside TLS alone. */
function plain(user: string, password: string): Mechanism {
  return {
    name: "PLAIN",
    first: () => Promise.resolve(utf8(`\0${user}\0${password}`)),
    respond: () => Promise.reject(new ProtocolError("PLAIN has no challenges")),
    proved: () => Promise.resolve(true),
  };
}

async function run(line: Line, mechanism: Mechanism, who: SignIn, inline: Inline): Promise<Element> {
  const { device } = who;
  const agent =
    device &&
    x("user-agent", { id: device.id }, x("software", {}, device.software), x("device", {}, device.name));
  line.send(
    x(
      "authenticate",
      { xmlns: NS.sasl2, mechanism: mechanism.name },
      x("initial-response", {}, toBase64(await mechanism.first())),
      agent,
      ...inline,
    ),
  );
  for (;;) {
    const element = await line.next();
    if (element.is("challenge", NS.sasl2)) {
      const response = await mechanism.respond(decode(element.getText()));
      line.send(x("response", { xmlns: NS.sasl2 }, toBase64(response)));
    } else if (element.is("success", NS.sasl2)) return succeeded(element, mechanism, who);
    else if (element.is("failure", NS.sasl2)) throw failed(element);
    else throw new ProtocolError(`${element.name} while signing in`);
  }
}

async function succeeded(success: Element, mechanism: Mechanism, who: SignIn): Promise<Element> {
  const data = success.getChildText("additional-data");
  if (!(await mechanism.proved(data === null ? undefined : decode(data))))
    throw new ProtocolError("the server does not know the password: it is not who it says");
  if (bare(success.getChildText("authorization-identifier") ?? "") !== bare(who.address))
    throw new ProtocolError("signed in as somebody else");
  const token = readToken(success);
  if (token) who.saveToken(token);
  return success;
}

function failed(failure: Element): Error {
  const condition = conditionOf(failure, NS.sasl) ?? "not-authorized";
  const text = failure.getChildText("text") ?? undefined;
  return TEMPORARY.includes(condition) ? new Lost(`${condition}: try again`) : new Refused(condition, text);
}

function decode(base64: string): Bytes {
  try {
    return fromBase64(base64.trim());
  } catch (error) {
    throw new ProtocolError("not base64", { cause: error });
  }
}

function texts(parent: Element | undefined, name: string): string[] {
  return (parent?.getChildren(name) ?? []).map((child) => child.getText().trim());
}
