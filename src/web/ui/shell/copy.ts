import { t } from "../../i18n/index.ts";

/** Where the page was not opened safely there is no clipboard. */
export async function copy(text: string): Promise<void> {
  if (!("clipboard" in navigator)) throw new Error(t("chat.copyNot"));
  await navigator.clipboard.writeText(text);
}
