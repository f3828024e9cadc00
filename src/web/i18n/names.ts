/** What somebody is called who gave no name: `mia@kith.example` is Mia, as the pages of the box call her too. */
export function called(address: string): string {
  const [name = ""] = address.split("@");
  const [first = ""] = name;
  return first.toLocaleUpperCase() + name.slice(first.length);
}

/**
 * A file's name as it can be shown and saved: one line, no folders, and no signs that turn the order of its letters, by which a
 * program reads as a picture.
 */
export function fileName(name: string): string {
  const last = name.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, "").replace(/^.*[/\\]/, "");
  return last.trim() || "file";
}
