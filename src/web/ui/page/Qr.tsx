import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import qrcode from "qrcode-generator";

/** The dark squares of a code as one path, a square being one unit. */
export function squares(text: string): { size: number; path: string } {
  const code = qrcode(0, "M");
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  let path = "";
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      if (!code.isDark(y, x)) continue;
      let end = x + 1;
      while (end < size && code.isDark(y, end)) end++;
      path += `M${x} ${y}h${end - x}v1H${x}z`;
      x = end;
    }
  return { size, path };
}

/** A code for a camera: dark on white in both themes, with the four squares of margin that readers need. */
export function Qr({ text, label }: { text: string; label: string }): JSX.Element {
  const { size, path } = useMemo(() => squares(text), [text]);
  return (
    <svg
      class="qr"
      viewBox={`-4 -4 ${size + 8} ${size + 8}`}
      role="img"
      aria-label={label}
      shape-rendering="crispEdges"
    >
      <path fill="#fff" d={`M-4-4h${size + 8}v${size + 8}H-4z`} />
      <path fill="#000" d={path} />
    </svg>
  );
}
