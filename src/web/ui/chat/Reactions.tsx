import type { JSX } from "preact";
import type { Reaction } from "../../state/model.ts";
import { feeling } from "../text/who.ts";

/** One's own set after a press on an emoji. */
export function toggled(reactions: readonly Reaction[], emoji: string): string[] {
  const own = reactions.filter((one) => one.own).map((one) => one.emoji);
  return own.includes(emoji) ? own.filter((one) => one !== emoji) : [...own, emoji];
}

/** What others feel about a message; a press joins in or takes back. */
export function Reactions(props: {
  reactions: readonly Reaction[];
  onToggle: (emoji: string) => void;
}): JSX.Element {
  return (
    <div class="reactions">
      {props.reactions.map(({ emoji, who, own }) => {
        const names = feeling({ emoji, who, own });
        return (
          <button
            key={emoji}
            type="button"
            class="reaction"
            aria-pressed={own}
            title={names}
            onClick={() => {
              props.onToggle(emoji);
            }}
          >
            <span>{emoji}</span>
            {who.length > 1 && <span>{who.length}</span>}
            <span class="unseen">{names}</span>
          </button>
        );
      })}
    </div>
  );
}
