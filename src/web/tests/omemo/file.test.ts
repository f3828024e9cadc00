import { createDecipheriv } from "node:crypto";
import { expect, test, vi } from "vitest";
import { hex } from "../../omemo/bytes.ts";
import { decryptFile, encryptFile, fileUrl, parseFile, sealedSize, type FileKey } from "../../omemo/file.ts";

// Several people share the machine that this runs on.
vi.setConfig({ testTimeout: 60_000 });

const megabyte = 1024 * 1024;

/** A file whose bytes are all different from their neighbours. */
function file(size: number): Blob {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[i] = (i * 31 + (i >> 8)) & 0xff;
  return new Blob([bytes]);
}

const bytesOf = async (blob: Blob): Promise<Buffer<ArrayBuffer>> => Buffer.from(await blob.arrayBuffer());

/** OpenSSL's opinion. */
async function opened(blob: Blob, { key, iv }: FileKey): Promise<Buffer> {
  const sealed = await bytesOf(blob);
  const decipher = createDecipheriv("aes-256-gcm", key, iv);
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
}

test.each([0, 1, 5 * megabyte, 16 * megabyte + 1, 17 * megabyte, 17 * megabyte + 7])(
  "%i bytes are what OpenSSL decrypts, and come back",
  async (size) => {
    const original = file(size);
    let done = 0;
    const sealed = await encryptFile(original, (bytes) => (done = bytes));
    expect(done).toBe(size);
    expect(sealed.blob.size).toBe(sealedSize(size));
    expect((await opened(sealed.blob, sealed)).equals(await bytesOf(original))).toBe(true);
    expect((await bytesOf(await decryptFile(sealed.blob, sealed))).equals(await bytesOf(original))).toBe(
      true,
    );
  },
);

test.each([3, 17 * megabyte])("of %i bytes one that was changed or cut is refused", async (size) => {
  const sealed = await encryptFile(file(size));
  const changed = await bytesOf(sealed.blob);
  changed[size >> 1]! ^= 1;
  await expect(decryptFile(new Blob([changed]), sealed)).rejects.toThrow("damaged");
  await expect(decryptFile(sealed.blob.slice(0, -1), sealed)).rejects.toThrow("damaged");
  await expect(decryptFile(sealed.blob.slice(0, 15), sealed)).rejects.toThrow("cut short");
  const other = await encryptFile(file(0));
  await expect(decryptFile(sealed.blob, other)).rejects.toThrow("damaged");
});

test("no two files have the same key", async () => {
  const [one, other] = [await encryptFile(file(1)), await encryptFile(file(1))];
  expect(hex(one.key)).not.toBe(hex(other.key));
  expect(hex(one.iv)).not.toBe(hex(other.iv));
});

/** XEP-0454's own example. */
const example =
  "aesgcm://download.montague.tld/4a771ac1-f0b2-4a4a-9700-f2a26fa2bb67/tr%C3%A8s%20cool.jpg#8c3d050e9386ec173861778f68e9af38a97aaf82faa4063b4d0878a61261534410c8a84331eaac851759f587";
const place = "https://download.montague.tld/4a771ac1-f0b2-4a4a-9700-f2a26fa2bb67/tr%C3%A8s%20cool.jpg";

test("the example of XEP-0454 is read and written", () => {
  const shared = parseFile(example)!;
  expect(shared.url).toBe(place);
  expect(hex(shared.iv)).toBe("8c3d050e9386ec173861778f");
  expect(hex(shared.key)).toBe("68e9af38a97aaf82faa4063b4d0878a61261534410c8a84331eaac851759f587");
  expect(fileUrl(place, shared)).toBe(example);
});

test("a thumbnail may follow on the next line, and nothing else", () => {
  const thumbnail = "data:image/jpeg,/9j/4AAQSkZJRgABAQEBLAEsAAD";
  expect(parseFile(`${example}\n${thumbnail}`)).toMatchObject({ url: place, thumbnail });
  for (const more of ["look!", "data:text/html,<script>", "data:image/svg+xml,<svg/>", `${thumbnail}\n`, ""])
    expect(parseFile(`${example}\n${more}`)).toBeUndefined();
});

test.each([
  ["another scheme", example.replace("aesgcm", "https")],
  ["text before it", `see ${example}`],
  ["a space after it", `${example} `],
  ["no key", example.split("#")[0]!],
  ["a short key", example.slice(0, -2)],
  ["an iv of 16 bytes", `${example}00000000`],
  ["no hexadecimal", example.slice(0, -1) + "g"],
  ["no host", example.replace("download.montague.tld", "")],
  ["a name and password", example.replace("download", "mia:secret@download")],
  ["a space inside", example.replace("%20", " ")],
  ["nothing", ""],
])("%s is no file", (_, body) => {
  expect(parseFile(body)).toBeUndefined();
});

test.each(["http://kith.example/x", "https://kith.example/x#y", "ftp://kith.example/x"])(
  "%s carries no key",
  async (url) => {
    const sealed = await encryptFile(file(1));
    expect(() => fileUrl(url, sealed)).toThrow();
  },
);
