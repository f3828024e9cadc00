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
import { Attached } from "./Attached.tsx";
import type { MessageItem } from "./items.ts";
import { Quoted } from "./Quoted.tsx";

/** What a message says, and when. */
export function Bubble({
  item,
  acts,
  group,
}: {
  item: MessageItem;
  acts: Acts;
  group: boolean;
}): JSX.Element {
  const { message } = item;
  const media = Boolean(message.attachment) && !message.retracted;
  const pictured = media && (message.kind === "photo" || message.kind === "video");
  const bare = pictured && !message.text && !message.quote;
  return (
    <div class={`bubble${pictured ? " pictured" : ""}${bare ? " bare" : ""}`}>
      {group && !message.own && item.first && <Who address={message.from} name={message.who} />}
      {message.quote && !message.retracted && <Quoted quote={message.quote} onJump={acts.jump} />}
      {media && <Attached message={message} acts={acts} />}
      {message.kind === "call" && <Icon name="phone" size={18} />}
      <Words message={message} acts={acts} />
      <Meta message={message} />
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

function Meta({ message }: { message: Message }): JSX.Element {
  return (
    <span class="meta">
      {message.edited && <span>{t("chat.edited")}</span>}
      <time dateTime={new Date(message.at).toISOString()} title={full(message.at)}>
        {clock(message.at)}
      </time>
      {message.own && message.state && <Tick state={message.state} />}
    </span>
  );
}
