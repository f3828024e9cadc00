import { deflateSync } from "node:zlib";

/** The address of a chat. */
export function chatOf(id) {
  return `#/chat/${encodeURIComponent(id)}`;
}

export const family = chatOf("family@groups.kith.example");

/** Until the list is drawn. */
export async function list(page) {
  await page.getByRole("heading", { name: "Chats" }).waitFor();
  await page.getByText("Sunday football").first().waitFor();
}

/** Until the family's chat is drawn, down to its last message. */
export async function raisins(page) {
  await page.getByText("Yes please").waitFor();
}

/** Text twice as large; a part of the page is still within the window's width. */
export async function large(page, part) {
  await part.waitFor();
  await page.evaluate(() => {
    document.documentElement.style.fontSize = "200%";
  });
  const { x, width } = await part.boundingBox();
  if (x < 0 || x + width > page.viewportSize().width) throw new Error("it is cut at the edge");
}

/** Nothing of a line is cut. */
export async function whole(line) {
  if (await line.evaluate((one) => one.scrollWidth > one.clientWidth))
    throw new Error(`cut: ${await line.textContent()}`);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const crc = ~body.reduce((sum, byte) => {
    let value = sum ^ byte;
    for (let i = 0; i < 8; i++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value;
  }, ~0);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc >>> 0);
  return Buffer.concat([length, body, sum]);
}

/** A file to choose: a small picture with a slope of colours. */
export function photo(name, width = 320, height = 200) {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      rows.set([120 + x / 4, 170 - y / 3, 200 - x / 5], y * (width * 3 + 1) + 1 + x * 3);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  const buffer = Buffer.concat([
    signature,
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
  return { name, mimeType: "image/png", buffer };
}
