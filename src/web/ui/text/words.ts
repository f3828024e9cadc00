import { t } from "../../i18n/index.ts";
import type { MessageKind } from "../../state/model.ts";
import { plain } from "./RichText.tsx";

/** That a message is no more: oneself is said to have deleted only what nobody else did. */
export const gone = ({ own, moderated }: { own?: boolean; moderated?: boolean }): string =>
  t(own && !moderated ? "chat.retractedOwn" : "chat.retracted");

/** What a message is, in a few words: its text, or the name of its kind. */
export function words(kind: MessageKind, text: string): string {
  const said = plain(text);
  if (kind === "text" || kind === "notice" || kind === "call") return said;
  if (kind === "voice") return said ? `${t("kind.voice")} · ${said}` : t("kind.voice");
  return said || t(`kind.${kind}`);
}
