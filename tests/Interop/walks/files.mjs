// Files that people send.

/** A picture of one colour. */
export const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** What the picker of a browser gives. */
export const photo = (name) => ({ name, mimeType: "image/png", buffer: PICTURE });
