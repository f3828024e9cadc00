import { Component, type JSX } from "preact";
import { t } from "../../i18n/index.ts";
import { clock, full } from "../../i18n/times.ts";
import type { Message } from "../../state/model.ts";
import { Icon, IconButton, type Place } from "../parts/index.ts";
import { Tick } from "../list/ChatRow.tsx";
import { colours } from "../text/colour.ts";
import { onlyEmoji } from "../text/emoji.ts";
import { RichText } from "../text/RichText.tsx";
import { speaker } from "../text/who.ts";
import { Attached } from "./Attached.tsx";
import { Choosable } from "./Choosable.tsx";
import { contents } from "./contents.ts";
import { same, type Item } from "./items.ts";
import { Pressable } from "./Pressable.tsx";
import { Quoted } from "./Quoted.tsx";
import { Reactions } from "./Reactions.tsx";

type MessageItem = Extract<Item, { kind: "message" }>;

/** What can be done from a message; the same object as long as the chat is open. */
export interface Acts {
  menu: (message: Message, at: Place) => void;
  reply: (message: Message) => void;
  jump: (message: string | undefined) => void;
  react: (message: Message, emoji: string) => void;
  picker: (message: Message, at: Place) => void;
  view: (message: Message) => void;
  retry: (message: Message) => void;
  cancel: (message: Message) => void;
  /** Names that can be called with an `@` here. */
  names: readonly string[];
}

const canHover = matchMedia("(hover: hover)").matches;

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

/** A name in its colour of XEP-0392. */
export function Who({ address, name }: { address: string; name: string }): JSX.Element {
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
        <Icon name="trash" size={16} /> {message.own ? t("chat.retractedOwn") : t("chat.retracted")}
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

function Tools({ message, acts }: { message: Message; acts: Acts }): JSX.Element {
  return (
    <div class="tools">
      <IconButton
        icon="face"
        size={20}
        label={t("chat.react")}
        onClick={(event) => {
          acts.picker(message, event.currentTarget as Element);
        }}
      />
      <IconButton
        icon="reply"
        size={20}
        label={t("chat.reply")}
        onClick={() => {
          acts.reply(message);
        }}
      />
      <IconButton
        icon="more"
        size={20}
        label={t("do.more")}
        popup="menu"
        onClick={(event) => {
          acts.menu(message, event.currentTarget as Element);
        }}
      />
    </div>
  );
}

function Failed({ message, acts }: { message: Message; acts: Acts }): JSX.Element {
  return (
    <p class="not-sent">
      <span>
        {t("state.failed")}
        {message.problem && ` · ${message.problem}`}
      </span>
      <button
        type="button"
        onClick={() => {
          acts.retry(message);
        }}
      >
        {t("do.retry")}
      </button>
      <button
        type="button"
        onClick={() => {
          acts.cancel(message);
        }}
      >
        {t("chat.discard")}
      </button>
    </p>
  );
}

function Bubble({ item, acts, group }: { item: MessageItem; acts: Acts; group: boolean }): JSX.Element {
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

interface RowProps {
  item: MessageItem;
  acts: Acts;
  group: boolean;
  flash: boolean;
  /** The one that the Tab key comes to. */
  reachable: boolean;
}

/** One message, drawn anew only when it changed. */
export class MessageRow extends Component<RowProps> {
  override shouldComponentUpdate(next: Readonly<RowProps>): boolean {
    const { item, acts, group, flash, reachable } = this.props;
    return (
      !same(item, next.item) ||
      acts !== next.acts ||
      group !== next.group ||
      flash !== next.flash ||
      reachable !== next.reachable
    );
  }

  override render(): JSX.Element {
    const { item, acts, group, flash, reachable } = this.props;
    const { message, first, last } = item;
    if (message.kind === "notice")
      return (
        <p class="notice" dir="auto">
          {message.text}
        </p>
      );
    const look = [
      "message",
      message.own ? "own" : "other",
      first && "first",
      last && "last",
      flash && "flash",
      message.mention && "called",
      message.reactions.length > 0 && "reacted",
    ];
    const name = t("chat.messageOf", {
      name: speaker(message),
      time: clock(message.at),
      text: contents(message),
    });
    return (
      <div class={look.filter(Boolean).join(" ")}>
        <Pressable
          label={name}
          reachable={reachable}
          onMenu={(at) => {
            acts.menu(message, at);
          }}
          onSwipe={() => {
            acts.reply(message);
          }}
        >
          <Bubble item={item} acts={acts} group={group} />
          {message.reactions.length > 0 && (
            <Reactions
              reactions={message.reactions}
              onToggle={(emoji) => {
                acts.react(message, emoji);
              }}
            />
          )}
          <button
            type="button"
            class="unseen"
            tabIndex={-1}
            onClick={(event) => {
              acts.menu(message, event.currentTarget);
            }}
          >
            {t("chat.messageMore")}
          </button>
          {canHover && !message.retracted && <Tools message={message} acts={acts} />}
        </Pressable>
        <Choosable id={message.id} label={name} />
        {message.state === "failed" && <Failed message={message} acts={acts} />}
      </div>
    );
  }
}
