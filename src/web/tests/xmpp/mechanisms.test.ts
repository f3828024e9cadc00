import { createHash, createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { equal, text, utf8 } from "../../xmpp/bytes.ts";
import { HashedToken, readToken } from "../../xmpp/fast.ts";
import { prepared, Scram, type ScramHash } from "../../xmpp/scram.ts";
import { parse } from "../../xmpp/xml.ts";

const NOTHING = { mechanisms: [], channelBindings: [] };

/** RFC 7677 §3 and RFC 5802 §5. */
const VECTORS: [ScramHash, string, string, string, string, string][] = [
  [
    "SHA-256",
    "rOprNGfwEbeRWgbNEkqO",
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
    "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
    "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
  ],
  [
    "SHA-1",
    "fyko+d2lbbFgONRv9qkxdawL",
    "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
    "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
    "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
    "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
  ],
];

describe("SCRAM", () => {
  it.each(VECTORS)("does %s as its RFC does", async (hash, nonce, challenge, final, signature, first) => {
    const scram = new Scram(hash, "user", "pencil", NOTHING, nonce);
    expect(text(await scram.first())).toBe(first);
    expect(await scram.proved(utf8(signature))).toBe(false);
    expect(text(await scram.respond(utf8(challenge)))).toBe(final);
    expect(await scram.proved(utf8(signature))).toBe(true);
    expect(await scram.proved(utf8(signature.replace(/.=$/, "A=")))).toBe(false);
    expect(await scram.proved(utf8("e=other-error"))).toBe(false);
    expect(await scram.proved(undefined)).toBe(false);
    await expect(scram.respond(utf8(challenge))).rejects.toThrow("one challenge too many");
  });

  it("escapes names and makes nonces", async () => {
    const first = async (): Promise<string> => text(await new Scram("SHA-1", "a=b,c", "d", NOTHING).first());
    const one = await first();
    expect(one).toMatch(/^n,,n=a=3Db=2Cc,r=[A-Za-z0-9+/]{24}$/);
    expect(await first()).not.toBe(one);
  });

  it.each([
    ["another nonce", "r=other,s=QUJD,i=4096", "not an answer"],
    ["our nonce alone", "r=mine,s=QUJD,i=4096", "not an answer"],
    ["an extension that must be known", "m=x,r=mine+,s=QUJD,i=4096", "not an answer"],
    ["an error", "e=unknown-user", "not an answer"],
    ["no salt", "r=mine+,s=,i=4096", "not an answer"],
    ["nothing", "", "not an answer"],
    ["few iterations", "r=mine+,s=QUJD,i=4095", "4095 iterations"],
    ["iterations for minutes", "r=mine+,s=QUJD,i=100000000", "100000000 iterations"],
  ])("refuses %s", async (_, challenge, problem) => {
    const scram = new Scram("SHA-256", "user", "pencil", NOTHING, "mine");
    await expect(scram.respond(utf8(challenge))).rejects.toThrow(problem);
  });

  // XEP-0474 §3: names sorted and joined by U+001E, bindings after U+001F.
  it("notices that somebody has changed the list of mechanisms", async () => {
    const list = "SCRAM-SHA-1\x1eSCRAM-SHA-256\x1fa-binding\x1etls-exporter";
    const hash = createHash("sha256").update(list).digest("base64");
    const challenge = utf8(`r=mine+,s=QUJD,i=4096,h=${hash}`);
    const seen = {
      mechanisms: ["SCRAM-SHA-256", "SCRAM-SHA-1"],
      channelBindings: ["tls-exporter", "a-binding"],
    };
    await new Scram("SHA-256", "user", "pencil", seen, "mine").respond(challenge);
    for (const changed of [
      { ...seen, mechanisms: ["SCRAM-SHA-1"] },
      { ...seen, channelBindings: [] },
    ])
      await expect(new Scram("SHA-256", "u", "p", changed, "mine").respond(challenge)).rejects.toThrow(
        "somebody has changed",
      );
  });

  it("makes the hash of XEP-0474's example", async () => {
    const seen = {
      mechanisms: ["SCRAM-SHA-1", "SCRAM-SHA-1-PLUS"],
      channelBindings: ["tls-server-end-point", "tls-exporter"],
    };
    const challenge = utf8("r=mine+,s=QSXCR+Q6sek8bf92,i=4096,h=G6k/rBLDqgOhRRaCuuatSDFkJ08=");
    await new Scram("SHA-1", "user", "pencil", seen, "mine").respond(challenge);
  });

  it("takes passwords as RFC 8265 does", () => {
    expect(prepared("a\u00a0b\u3000c d")).toBe("a b c d");
    expect(prepared("u\u0308 ﬁ")).toBe("ü ﬁ");
  });
});

describe("a hashed token", () => {
  const sign = (side: string): Buffer => createHmac("sha256", "secret").update(side).digest();

  it("is proved and asks for the proof of the other side", async () => {
    const token = new HashedToken("änne", "secret");
    expect(Buffer.from(await token.first())).toEqual(
      Buffer.concat([Buffer.from("änne\0"), sign("Initiator")]),
    );
    expect(await token.proved(new Uint8Array(sign("Responder")))).toBe(true);
    expect(await token.proved(new Uint8Array(sign("Initiator")))).toBe(false);
    expect(await token.proved(undefined)).toBe(false);
    await expect(token.respond()).rejects.toThrow("no challenges");
  });

  it.each([
    ["<success/>", undefined],
    ["<success><token xmlns='urn:xmpp:fast:0' token='a'/></success>", undefined],
    ["<success><token xmlns='urn:xmpp:fast:0' token='a' expiry='soon'/></success>", undefined],
    ["<success><token xmlns='urn:xmpp:fast:0' token='' expiry='2030-01-01T00:00:00Z'/></success>", undefined],
    [
      "<success><token xmlns='urn:xmpp:fast:0' token='a' expiry='2030-01-01T00:00:00Z'/></success>",
      { mechanism: "HT-SHA-256-NONE", token: "a", expires: Date.UTC(2030, 0) },
    ],
  ])("is read from %s", (success, token) => {
    expect(readToken(parse(success))).toEqual(token);
  });
});

describe("equal", () => {
  it.each([
    ["abc", "abc", true],
    ["abc", "abd", false],
    ["abc", "ab", false],
    ["ab", "abc", false],
    ["", "", true],
    ["", "\0", false],
  ])("compares %j with %j", (one, other, same) => {
    expect(equal(utf8(one), utf8(other))).toBe(same);
  });
});
