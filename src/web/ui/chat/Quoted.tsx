import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import type { Quote } from "../../state/model.ts";
import { gone, words } from "../text/words.ts";
import { speaker } from "../text/who.ts";

/** What a message answers; a press leads to it. */
export function Quoted(props: {
  quote: Quote;
  /** Without a message that one is not here. */
  onJump?: (message: string | undefined) => void;
}): JSX.Element {
  const { quote, onJump } = props;
  const inside = (
    <>
      <b class="cut" dir="auto">
        {speaker(quote)}
      </b>
      <span class="quoted-text" dir="auto">
        {quote.retracted ? gone(quote) : words(quote.kind ?? "text", quote.text) || "…"}
      </span>
    </>
  );
  if (!onJump) return <span class="quoted">{inside}</span>;
  return (
    <button
      type="button"
      class="quoted"
      title={t("chat.toQuote")}
      onClick={() => {
        onJump(quote.message);
      }}
    >
      {inside}
    </button>
  );
}
