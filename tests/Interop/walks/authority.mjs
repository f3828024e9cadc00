// A certificate authority of one walk.
import { execFileSync } from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pinOf } from "./home.mjs";

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
const openssl = (...words) => execFileSync("openssl", words, { stdio: ["ignore", "ignore", "pipe"] });

export class Authority {
  constructor() {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), "authority-"));
    this.root = path.join(this.folder, "root.pem");
    this.key = path.join(this.folder, "root.key");
    openssl("req", "-x509", ...newKey, "-days", "2", "-subj", "/CN=Walks", "-keyout", this.key, "-out", this.root);
  }

  /** Files of a certificate for these domains, for servers only, as public authorities give it; in a folder of its name. */
  certify(name, ...domains) {
    const folder = path.join(this.folder, name);
    fs.mkdirSync(folder);
    const [certificate, key, request, extensions] = ["cert.pem", "key.pem", "request.pem", "extensions"].map((file) =>
      path.join(folder, file),
    );
    const names = domains.map((domain) => `DNS:${domain}`).join(",");
    fs.writeFileSync(extensions, `subjectAltName=${names}\nextendedKeyUsage=serverAuth\n`);
    openssl("req", ...newKey, "-subj", `/CN=${domains[0]}`, "-keyout", key, "-out", request);
    const by = ["-CA", this.root, "-CAkey", this.key, "-CAcreateserial"];
    openssl("x509", "-req", "-in", request, ...by, "-days", "2", "-extfile", extensions, "-out", certificate);
    return { folder, certificate, key, pin: pinOf(new crypto.X509Certificate(fs.readFileSync(certificate)).publicKey) };
  }

  remove() {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What makes a home use such a certificate. */
export const tlsSettings = ({ certificate, key }) => ({
  "Tls:Mode": "files",
  "Tls:Certificate": certificate,
  "Tls:Key": key,
});
