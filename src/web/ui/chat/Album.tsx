import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import type { Message } from "../../state/model.ts";
import type { Acts } from "./acts.ts";
import { lastOf, most, shape } from "./albums.ts";
import { Choosable } from "./Choosable.tsx";
import { nameOf, Picture } from "./Picture.tsx";
import { Reactions } from "./Reactions.tsx";
import { Sending } from "./Sending.tsx";

interface Props {
  messages: readonly Message[];
  acts: Acts;
  flash: string | undefined;
}

/** A picture among others, and what stands behind it. */
function Cell({ messages, acts, flash, at }: Props & { at: number }): JSX.Element {
  const message = messages[at]!;
  const count = messages.length;
  const here = at === most - 1 ? lastOf(messages) : [message];
  const behind = here.length - 1;
  const waiting = here.find(({ state }) => state === "waiting");
  const cell = count > 1 ? { at: at + 1, count, behind } : undefined;
  return (
    <div
      {...(cell && { role: "listitem" as const })}
      class={cell && here.some(({ id }) => id === flash) ? "cell flash" : "cell"}
      data-picture={message.id}
    >
      <Picture message={message} acts={acts} cell={cell}>
        {behind > 0 && (
          <span class="cell-more" aria-hidden="true">
            +{behind}
          </span>
        )}
        {waiting && <Sending message={waiting} acts={acts} />}
      </Picture>
      {cell && <Reactions messages={here} acts={acts} />}
      {cell && <Choosable messages={here} label={nameOf(message, cell)} />}
    </div>
  );
}

/** A picture, or several that were sent together, side by side. */
export function Album(props: Props): JSX.Element {
  const { messages } = props;
  const several = messages.length > 1;
  return (
    <div
      class={several ? `album ${shape(messages)}` : "album"}
      {...(several && { role: "list", "aria-label": t("chat.pictures", { count: messages.length }) })}
    >
      {messages.slice(0, most).map((message, at) => (
        <Cell key={message.id} {...props} at={at} />
      ))}
    </div>
  );
}
