import type { Settings } from "../../state/model.ts";

const dark = matchMedia("(prefers-color-scheme: dark)");
let wish: Settings["theme"] = "auto";

function apply(): void {
  const theme = wish === "auto" ? (dark.matches ? "dark" : "light") : wish;
  document.documentElement.dataset["theme"] = theme;
  const ground = getComputedStyle(document.documentElement).getPropertyValue("--surface");
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", ground.trim());
}

/** Puts a theme onto the page; `auto` follows the system from then on. */
export function setTheme(theme: Settings["theme"]): void {
  wish = theme;
  apply();
}

dark.addEventListener("change", apply);
