import type { JSX } from "preact";

/** Drawn on 24 by 24 with a line of 2; several paths are one string. */
const paths = {
  add: "M12 5v14M5 12h14",
  alert: "M12 4 2.8 19.5h18.4ZM12 10v4M12 17h.01",
  archive: "M4 8v11h16V8M2.5 4h19v4h-19ZM10 12h4",
  at: "M15.5 12a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0Zm0-3.5V13a2.5 2.5 0 0 0 5 0v-1a8.5 8.5 0 1 0-3.4 6.8",
  back: "m15 5-7 7 7 7",
  bell: "M6 9.5a6 6 0 0 1 12 0c0 5 2 6.5 2 6.5H4s2-1.5 2-6.5M10 20a2 2 0 0 0 4 0",
  block: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM5.7 5.7l12.6 12.6",
  camera:
    "M4 8h3l2-3h6l2 3h3a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1ZM12 10a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7Z",
  chat: "M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-5 4v-4H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2Z",
  check: "m5 12.5 4.5 4.5L19 7.5",
  checks: "m2 12.5 4.5 4.5L15 8M12 16l1 1L22 8",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 7v5l3 2",
  close: "M6 6l12 12M18 6 6 18",
  copy: "M9 9h10v11H9ZM5 15V4h10v2",
  down: "m6 9 6 6 6-6",
  download: "M12 4v11m-5-5 5 5 5-5M5 20h14",
  edit: "M4 20l1-4L16 5l3 3L8 19ZM14 7l3 3",
  face: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM8.5 14s1.2 2 3.5 2 3.5-2 3.5-2M9 9.5h.01M15 9.5h.01",
  file: "M6 3h8l5 5v13H6ZM14 3v5h5",
  forward: "m14 6 6 6-6 6M20 12H9a5 5 0 0 0-5 5v2",
  group:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20a6.5 6.5 0 0 1 13 0M16 4.3a3.5 3.5 0 0 1 0 6.4M18 14.3a6.5 6.5 0 0 1 3.5 5.7",
  help: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.5v.7M12 17h.01",
  info: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 11v5M12 8h.01",
  key: "M8 11a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM11.5 12.5 20 4M16 8l3 3",
  leave: "M14 4H5v16h9M10 12h11m-4-4 4 4-4 4",
  link: "M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.7-5.7L12 7M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.7 5.7L12 17",
  lock: "M6 11h12v9H6ZM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11",
  mic: "M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3ZM5 11a7 7 0 0 0 14 0M12 18v3",
  more: "M12 5h.01M12 12h.01M12 19h.01",
  mute: "M6 9.5a6 6 0 0 1 10-4.4M18 9.5c0 5 2 6.5 2 6.5H8M4 16s2-1.5 2-6.5M10 20a2 2 0 0 0 4 0M4 3l16 18",
  open: "M13 5h6v6M19 5l-9 9M17 14v5H5V7h5",
  pause: "M8 5v14M16 5v14",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5a7.5 7.5 0 0 1 15 0",
  "person-add": "M10 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM2.5 20.5a7.5 7.5 0 0 1 13.5-4.5M18.5 15v6M15.5 18h6",
  phone: "M5 4h4l2 5-3 2a12 12 0 0 0 5 5l2-3 5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 6a2 2 0 0 1 2-2",
  photo: "M4 5h16v14H4ZM4 16l5-5 4 4 2-2 5 5M15.5 9.5h.01",
  pin: "M9 4h6l-1 6 3 3H7l3-3ZM12 13v7",
  play: "M8 5.5v13l10.5-6.5Z",
  qr: "M4 4h6v6H4ZM14 4h6v6h-6ZM4 14h6v6H4ZM14 14h2v2M20 14v.01M14 20v.01M17 17h3v3h-3",
  reply: "m10 6-6 6 6 6M4 12h11a5 5 0 0 1 5 5v2",
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM20 20l-4-4",
  send: "M4.5 12 3 4.5 21 12 3 19.5ZM4.5 12H12",
  settings:
    "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM19 12a7 7 0 0 0-.1-1.3l2-1.5-2-3.5-2.4 1a7 7 0 0 0-2.2-1.3L14 3h-4l-.3 2.4a7 7 0 0 0-2.2 1.3l-2.4-1-2 3.5 2 1.5a7 7 0 0 0 0 2.6l-2 1.5 2 3.5 2.4-1a7 7 0 0 0 2.2 1.3L10 21h4l.3-2.4a7 7 0 0 0 2.2-1.3l2.4 1 2-3.5-2-1.5A7 7 0 0 0 19 12Z",
  share: "M12 15V4m-4 4 4-4 4 4M5 12v8h14v-8",
  shield: "M12 3 5 6v5c0 5 3 8.5 7 10 4-1.5 7-5 7-10V6ZM9 12l2 2 4-4",
  stop: "M7 7h10v10H7Z",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5",
  unlock: "M6 11h12v9H6ZM8.5 11V7.5a3.5 3.5 0 0 1 6.7-1.4",
  unseen:
    "M4 4l16 16M10 6.3A9 9 0 0 1 12 6c6 0 9.5 6 9.5 6a17 17 0 0 1-3 3.6M6.5 8A17 17 0 0 0 2.5 12s3.5 6 9.5 6a9 9 0 0 0 3.5-.7M10 10a3 3 0 0 0 4 4",
  seen: "M2.5 12S6 6 12 6s9.5 6 9.5 6-3.5 6-9.5 6-9.5-6-9.5-6ZM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z",
  video: "M5 6h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2ZM15 11l6-4v10l-6-4",
} as const;

export type IconName = keyof typeof paths;

const solid: ReadonlySet<IconName> = new Set(["play", "stop", "send"]);

/** A picture beside words, never instead of them: it is hidden from screen readers. */
export function Icon({ name, size = 22 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill={solid.has(name) ? "currentColor" : "none"}
      stroke="currentColor"
      stroke-width={name === "more" ? 3 : 2}
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}

export const iconNames = Object.keys(paths) as IconName[];
