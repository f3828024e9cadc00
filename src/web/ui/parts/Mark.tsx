import type { JSX } from "preact";

/** Kith's own sign: a roof and who lives under it. */
export function Mark({ size }: { size: number }): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 64 64" width={size} height={size} aria-hidden="true">
      <rect width="64" height="64" rx="21" fill="#2b7a63" />
      <g fill="none" stroke="#fff" stroke-width="5" stroke-linecap="round" stroke-linejoin="round">
        <path d="M14 33 32 17l18 16" />
        <path d="M20 35v12h24V35" />
      </g>
      <circle cx="32" cy="37" r="4" fill="#9fdcc7" />
    </svg>
  );
}
