import { equal, fromBase64, hmac, text, toBase64, utf8, type Bytes } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";
import type { Mechanism } from "./mechanism.ts";

export type ScramHash = "SHA-256" | "SHA-1";

/** RFC 5802 §5.1 asks for as many at the least; and no server may keep a phone busy for minutes. */
const FEWEST_ITERATIONS = 4096;
const MOST_ITERATIONS = 1_000_000;

/** The names that the server offered, for the check of XEP-0474. */
export interface Offered {
  mechanisms: string[];
  channelBindings: string[];
}

/** SCRAM without channel binding, which no browser can do (RFC 5802, RFC 7677), with the downgrade check of XEP-0474. */
export class Scram implements Mechanism {
  readonly name: string;
  readonly #firstBare: string;
  readonly #nonce: string;
  #signature: Bytes | undefined;

  constructor(
    private readonly hash: ScramHash,
    user: string,
    private readonly password: string,
    private readonly offered: Offered,
    nonce = toBase64(crypto.getRandomValues(new Uint8Array(18))),
  ) {
    this.name = `SCRAM-${hash}`;
    this.#nonce = nonce;
    this.#firstBare = `n=${user.replaceAll("=", "=3D").replaceAll(",", "=2C")},r=${nonce}`;
  }

  first(): Promise<Bytes> {
    return Promise.resolve(utf8(`n,,${this.#firstBare}`));
  }

  async respond(challenge: Bytes): Promise<Bytes> {
    if (this.#signature) throw new ProtocolError("SCRAM: one challenge too many");
    const message = text(challenge);
    const { nonce, salt, iterations } = await this.#read(message);
    const final = `c=biws,r=${nonce}`;
    const proof = await this.#prove(salt, iterations, utf8(`${this.#firstBare},${message},${final}`));
    return utf8(`${final},p=${toBase64(proof)}`);
  }

  proved(data: Bytes | undefined): Promise<boolean> {
    const signature = this.#signature;
    const good = data && signature && equal(data, utf8(`v=${toBase64(signature)}`));
    return Promise.resolve(good === true);
  }

  async #read(message: string): Promise<{ nonce: string; salt: Bytes; iterations: number }> {
    const parts = /^r=([^,]+),s=([A-Za-z0-9+/]+=*),i=([1-9][0-9]{0,8})((?:,[A-Za-z]=[^,]*)*)$/.exec(message);
    const [, nonce = "", salt = "", rounds, extensions = ""] = parts ?? [];
    const iterations = Number(rounds);
    if (!parts || !nonce.startsWith(this.#nonce) || nonce.length === this.#nonce.length)
      throw new ProtocolError("SCRAM: not an answer to our first message");
    if (iterations < FEWEST_ITERATIONS || iterations > MOST_ITERATIONS)
      throw new ProtocolError(`SCRAM: ${String(iterations)} iterations`);
    const seen = /,h=([^,]*)/.exec(extensions)?.[1];
    if (seen !== undefined && seen !== (await this.#downgradeHash()))
      throw new ProtocolError("SCRAM: somebody has changed what the server offers");
    return { nonce, salt: fromBase64(salt), iterations };
  }

  // XEP-0474 §3.
  async #downgradeHash(): Promise<string> {
    const { mechanisms, channelBindings } = this.offered;
    const join = (names: string[]): string => [...names].sort().join("\x1e");
    const list = join(mechanisms) + (channelBindings.length > 0 ? "\x1f" + join(channelBindings) : "");
    return toBase64(new Uint8Array(await crypto.subtle.digest(this.hash, utf8(list))));
  }

  async #prove(salt: Bytes, iterations: number, signed: Bytes): Promise<Bytes> {
    const { hash } = this;
    const secret = await crypto.subtle.importKey("raw", utf8(prepared(this.password)), "PBKDF2", false, [
      "deriveBits",
    ]);
    const bits = hash === "SHA-1" ? 160 : 256;
    const salted = new Uint8Array(
      await crypto.subtle.deriveBits({ name: "PBKDF2", hash, salt, iterations }, secret, bits),
    );
    const clientKey = await hmac(hash, salted, utf8("Client Key"));
    const storedKey = new Uint8Array(await crypto.subtle.digest(hash, clientKey));
    const clientSignature = await hmac(hash, storedKey, signed);
    this.#signature = await hmac(hash, await hmac(hash, salted, utf8("Server Key")), signed);
    return clientKey.map((byte, i) => byte ^ clientSignature[i]!);
  }
}

/** OpaqueString (RFC 8265 §4.2): every kind of space is a space, characters composed. What it forbids the server refuses. */
export function prepared(password: string): string {
  return password.replace(/\p{Zs}/gu, " ").normalize("NFC");
}
