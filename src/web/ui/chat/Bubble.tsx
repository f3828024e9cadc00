import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import { clock, full } from "../../i18n/times.ts";
import type { Message } from "../../state/model.ts";
import { Tick } from "../list/ChatRow.tsx";
import { Icon } from "../parts/index.ts";
import { colours } from "../text/colour.ts";
import { onlyEmoji } from "../text/emoji.ts";
import { RichText } from "../text/RichText.tsx";
import { gone } from "../text/words.ts";
import type { Acts } from "./acts.ts";
import { Album } from "./Album.tsx";
import { lastOf, isPicture, leastOf } from "./albums.ts";
import { Attached } from "./Attached.tsx";
import type { MessageItem } from "./items.ts";
import { Quoted } from "./Quoted.tsx";
import { isFelt } from "./Reactions.tsx";

/** What a message says, and when. */
export function Bubble({
  item,
  acts,
  group,
  flash,
}: {
  item: MessageItem;
  acts: Acts;
  group: boolean;
  /** The message that one has just come to. */
  flash: string | undefined;
}): JSX.Element {
  const { message, messages } = item;
  const media = Boolean(message.attachment) && !message.retracted;
  const pictured = isPicture(message);
  // The time lies on the last picture, where what is felt about that one may lie, too.
  const felt = messages.length > 1 && lastOf(messages).some(isFelt);
  const bare = pictured && !message.text && !message.quote && !felt;
  return (
    <div class={`bubble${pictured ? " pictured" : ""}${bare ? " bare" : ""}`}>
      {group && !message.own && item.first && <Who address={message.from} name={message.who} />}
      {message.quote && !message.retracted && <Quoted quote={message.quote} onJump={acts.jump} />}
      {pictured && <Album messages={messages} acts={acts} flash={flash} />}
      {media && !pictured && <Attached message={message} acts={acts} />}
      {message.kind === "call" && <Icon name="phone" size={18} />}
      <Words message={message} acts={acts} />
      <Meta messages={messages} />
    </div>
  );
}

/** A name in its colour of XEP-0392. */
function Who({ address, name }: { address: string; name: string }): JSX.Element {
  const colour = colours(address);
  const style = { "--name-light": colour.light, "--name-dark": colour.dark };
  return (
    <b class="who cut" dir="auto" style={style}>
      {name}
    </b>
  );
}

function Words({ message, acts }: { message: Message; acts: Acts }): JSX.Element | null {
  if (message.retracted)
    return (
      <span class="gone">
        <Icon name="trash" size={16} /> {gone(message)}
      </span>
    );
  if (!message.text) return null;
  const big = message.kind === "text" && !message.quote ? onlyEmoji(message.text) : 0;
  return (
    <span class={big > 0 && big <= 3 ? "body big" : "body"} dir="auto">
      <RichText text={message.text} names={acts.names} />
    </span>
  );
}

/** When it was said, last; and how far all of it has come. */
function Meta({ messages }: { messages: readonly Message[] }): JSX.Element {
  const { at, own } = messages.at(-1)!;
  const state = leastOf(messages);
  return (
    <span class="meta">
      {messages.some(({ edited }) => edited) && <span>{t("chat.edited")}</span>}
      <time dateTime={new Date(at).toISOString()} title={full(at)}>
        {clock(at)}
      </time>
      {own && state && <Tick state={state} />}
    </span>
  );
}
