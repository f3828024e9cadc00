import type { JSX } from "preact";
import type { Message, Reaction } from "../../state/model.ts";
import { feeling } from "../text/who.ts";
import type { Acts } from "./acts.ts";

/** Whether anybody has told a feeling about it. */
export const isFelt = ({ reactions }: Message): boolean => reactions.length > 0;

/** One's own set after a press on an emoji. */
export function toggled(reactions: readonly Reaction[], emoji: string): string[] {
  const own = reactions.filter((one) => one.own).map((one) => one.emoji);
  return own.includes(emoji) ? own.filter((one) => one !== emoji) : [...own, emoji];
}

/** What others feel about messages that stand in one place; a press joins in or takes back. */
export function Reactions({
  messages,
  acts,
}: {
  messages: readonly Message[];
  acts: Acts;
}): JSX.Element | null {
  if (!messages.some(isFelt)) return null;
  return (
    <div class="reactions">
      {messages.flatMap((message) =>
        message.reactions.map(({ emoji, who, own }) => {
          const names = feeling({ emoji, who, own });
          return (
            <button
              key={`${message.id} ${emoji}`}
              type="button"
              class="reaction"
              aria-pressed={own}
              title={names}
              onClick={() => {
                acts.react(message, emoji);
              }}
            >
              <span>{emoji}</span>
              {who.length > 1 && <span>{who.length}</span>}
              <span class="unseen">{names}</span>
            </button>
          );
        }),
      )}
    </div>
  );
}
