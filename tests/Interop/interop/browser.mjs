// A browser's push service, and the browser behind it: HTTPS on loopback, and http_ece to read what comes (RFC 8291).
// Tells on stdout, line by line as JSON, how it is subscribed to and what was pushed.
import crypto from "node:crypto";
import fs from "node:fs";
import https from "node:https";

import ece from "http_ece";

const { certificate, key } = JSON.parse(process.env.INTEROP_PUSH);
const tell = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);

const keys = crypto.createECDH("prime256v1");
const point = keys.generateKeys();
const auth = crypto.randomBytes(16);

// RFC 8292 §3: signed by the key that is named, for this push service, and not for long.
function signer(authorization, origin) {
  const [, token, k] = /^vapid t=([^,]+), ?k=(.+)$/.exec(authorization);
  const [header, claims, signature] = token.split(".");
  const bytes = Buffer.from(k, "base64url");
  const jwk = {
    kty: "EC",
    crv: "P-256",
    x: bytes.subarray(1, 33).toString("base64url"),
    y: bytes.subarray(33).toString("base64url"),
  };
  const valid = crypto.verify(
    "sha256",
    Buffer.from(`${header}.${claims}`),
    { key: jwk, format: "jwk", dsaEncoding: "ieee-p1363" },
    Buffer.from(signature, "base64url"),
  );
  const { aud, exp } = JSON.parse(Buffer.from(claims, "base64url"));
  const left = exp - Date.now() / 1000;
  return valid && aud === origin && left > 0 && left < 24 * 3600 ? k : "";
}

const server = https.createServer(
  { cert: fs.readFileSync(certificate), key: fs.readFileSync(key) },
  async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = ece
      .decrypt(Buffer.concat(chunks), {
        version: request.headers["content-encoding"],
        privateKey: keys,
        authSecret: auth.toString("base64url"),
      })
      .toString();
    tell({
      event: "push",
      path: request.url,
      urgency: request.headers.urgency,
      ttl: request.headers.ttl,
      key: signer(request.headers.authorization, `https://localhost:${server.address().port}`),
      text,
    });
    response.writeHead(201, { Location: "/message/1" }).end();
  },
);
server.listen(0, "127.0.0.1", () =>
  tell({
    event: "ready",
    port: server.address().port,
    p256dh: point.toString("base64url"),
    auth: auth.toString("base64url"),
  }),
);
