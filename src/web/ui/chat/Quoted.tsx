import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import type { Quote } from "../../state/model.ts";
import { words } from "../list/ChatRow.tsx";

/** What a message answers; a press leads to it. */
export function Quoted({ quote, onJump }: { quote: Quote; onJump?: (message: string) => void }): JSX.Element {
  const inside = (
    <>
      <b class="cut" dir="auto">
        {quote.who}
      </b>
      <span class="quoted-text" dir="auto">
        {words(quote.kind ?? "text", quote.text) || "…"}
      </span>
    </>
  );
  const to = quote.message;
  if (to === undefined || !onJump) return <span class="quoted">{inside}</span>;
  return (
    <button
      type="button"
      class="quoted"
      title={t("chat.toQuote")}
      onClick={() => {
        onJump(to);
      }}
    >
      {inside}
    </button>
  );
}
