import type { JSX } from "preact";

/** The end of a name, which says what it is, is never cut. */
function parts(name: string): [string, string] {
  const dot = name.lastIndexOf(".");
  const from = dot > 0 && name.length - dot <= 8 ? Math.max(0, dot - 4) : name.length;
  return [name.slice(0, from), name.slice(from)];
}

/** A file's name in one line. */
export function FileName({ name }: { name: string }): JSX.Element {
  const [start, end] = parts(name);
  return (
    <span class="file-name" title={name}>
      <span class="cut">{start}</span>
      <span>{end}</span>
    </span>
  );
}
