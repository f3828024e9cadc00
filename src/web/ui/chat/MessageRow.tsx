import { Component, type JSX } from "preact";
import { t } from "../../i18n/index.ts";
import { clock } from "../../i18n/times.ts";
import type { Message } from "../../state/model.ts";
import { speaker } from "../text/who.ts";
import type { Acts } from "./acts.ts";
import { Bubble } from "./Bubble.tsx";
import { Choosable } from "./Choosable.tsx";
import { lineContents } from "./contents.ts";
import { same, type MessageItem } from "./items.ts";
import { NotSent } from "./NotSent.tsx";
import { Pressable } from "./Pressable.tsx";
import { isFelt, Reactions } from "./Reactions.tsx";
import { Tools } from "./Tools.tsx";

const canHover = matchMedia("(hover: hover)").matches;

interface RowProps {
  item: MessageItem;
  acts: Acts;
  group: boolean;
  /** The message of it that one has just come to. */
  flash: string | undefined;
  /** The one that the Tab key comes to. */
  reachable: boolean;
}

/** Which message of a line a finger or the mouse is on: the picture under it, else who speaks for the line. */
function pointed({ message, messages }: MessageItem, on: EventTarget | null): Message {
  const picture = on instanceof Element && on.closest<HTMLElement>("[data-picture]")?.dataset["picture"];
  return messages.find(({ id }) => id === picture) ?? message;
}

/** One message, or pictures that were sent together; drawn anew only when they changed. */
export class MessageRow extends Component<RowProps, { near: boolean }> {
  /** Whether somebody has come to it who may want its tools: they are a third of what a message is made of. */
  override state = { near: false };

  private readonly come = (): void => {
    if (!this.state.near) this.setState({ near: true });
  };

  override shouldComponentUpdate(next: Readonly<RowProps>, state: Readonly<{ near: boolean }>): boolean {
    const { item, acts, group, flash, reachable } = this.props;
    return (
      !same(item, next.item) ||
      acts !== next.acts ||
      group !== next.group ||
      flash !== next.flash ||
      reachable !== next.reachable ||
      state.near !== this.state.near
    );
  }

  override render(): JSX.Element {
    const { item, acts, group, flash, reachable } = this.props;
    const { message, messages, first, last } = item;
    if (message.kind === "notice")
      return (
        <p class="notice" dir="auto">
          {message.text}
        </p>
      );
    const single = messages.length === 1;
    /** What is felt about one of several stands at that one. */
    const felt = single && isFelt(message);
    const look = [
      "message",
      message.own ? "own" : "other",
      first && "first",
      last && "last",
      flash !== undefined && single && "flash",
      messages.some(({ mention }) => mention) && "called",
      felt && "reacted",
    ];
    const name = t("chat.messageOf", {
      name: speaker(message),
      time: clock(message.at),
      text: lineContents(item),
    });
    return (
      <div
        class={look.filter(Boolean).join(" ")}
        {...(canHover && { onPointerEnter: this.come, onFocusIn: this.come })}
      >
        <Pressable
          label={name}
          reachable={reachable}
          onMenu={(at, on) => {
            acts.menu(pointed(item, on), at);
          }}
          onSwipe={(on) => {
            acts.reply(pointed(item, on));
          }}
        >
          <Bubble item={item} acts={acts} group={group} flash={flash} />
          {felt && <Reactions messages={messages} acts={acts} />}
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
          {this.state.near && !message.retracted && <Tools message={message} acts={acts} />}
        </Pressable>
        <Choosable messages={messages} label={name} />
        {message.state === "failed" && <NotSent message={message} acts={acts} />}
      </div>
    );
  }
}
