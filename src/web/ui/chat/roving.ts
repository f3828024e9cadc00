import type { Item } from "./items.ts";

/** Which of the drawn lines the Tab key comes to: where one was last, else the newest that is no notice. */
export function byTab(drawn: readonly Item[], focused: string | undefined): string | undefined {
  const reach = drawn.filter((line) => line.kind === "message" && line.message.kind !== "notice");
  return (reach.find((line) => line.key === focused) ?? reach.at(-1))?.key;
}

/** Arrow keys go from message to message. */
export function walk(event: KeyboardEvent): void {
  const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
  const target = event.target as HTMLElement;
  if (!step || !target.matches("article")) return;
  const all = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("article")];
  const next = all[all.indexOf(target) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
