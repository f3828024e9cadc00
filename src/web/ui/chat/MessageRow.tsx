import { Component, type JSX } from "preact";
import { t } from "../../i18n/index.ts";
import { clock } from "../../i18n/times.ts";
import { speaker } from "../text/who.ts";
import type { Acts } from "./acts.ts";
import { Bubble } from "./Bubble.tsx";
import { Choosable } from "./Choosable.tsx";
import { contents } from "./contents.ts";
import { same, type MessageItem } from "./items.ts";
import { NotSent } from "./NotSent.tsx";
import { Pressable } from "./Pressable.tsx";
import { Reactions } from "./Reactions.tsx";
import { Tools } from "./Tools.tsx";

const canHover = matchMedia("(hover: hover)").matches;

interface RowProps {
  item: MessageItem;
  acts: Acts;
  group: boolean;
  flash: boolean;
  /** The one that the Tab key comes to. */
  reachable: boolean;
}

/** One message, drawn anew only when it changed. */
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
      <div
        class={look.filter(Boolean).join(" ")}
        {...(canHover && { onPointerEnter: this.come, onFocusIn: this.come })}
      >
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
          {this.state.near && !message.retracted && <Tools message={message} acts={acts} />}
        </Pressable>
        <Choosable id={message.id} label={name} />
        {message.state === "failed" && <NotSent message={message} acts={acts} />}
      </div>
    );
  }
}
