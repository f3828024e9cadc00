import type { JSX } from "preact";

/** The end of a name, which says what it is, is never cut; of plain letters a few more, which tell copies apart. */
export function parts(name: string): [string, string] {
  const end = /(?:[ -~]{1,4})?\.[^.]{1,7}$/u.exec(name);
  const from = end && end.index > 0 ? end.index : name.length;
  return [name.slice(0, from), name.slice(from)];
}

/** A file's name in one line. */
export function FileName({ name }: { name: string }): JSX.Element {
  const [start, end] = parts(name);
  return (
    <span class="file-name" title={name}>
      <span class="cut" dir="auto">
        {start}
      </span>
      <span>{end}</span>
    </span>
  );
}
