import { signal } from "@preact/signals";

/** U+1F3FB to U+1F3FF */
export const tones = ["🏻", "🏼", "🏽", "🏾", "🏿"] as const;

const most = 24;

function stored(key: string): string {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return ""; // storage is forbidden here; nothing is remembered then
  }
}

function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // as above
  }
}

export const tone = signal(stored("emoji-tone"));
export const recent = signal<readonly string[]>(stored("emoji-recent").split(" ").filter(Boolean));

export function setTone(value: string): void {
  tone.value = value;
  store("emoji-tone", value);
}

/** Puts an emoji to the front of those used last. */
export function remember(emoji: string): void {
  recent.value = [emoji, ...recent.value.filter((one) => one !== emoji)].slice(0, most);
  store("emoji-recent", recent.value.join(" "));
}
