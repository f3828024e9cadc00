import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { clock, day } from "../../i18n/times.ts";
import type { Message } from "../../state/model.ts";
import { IconButton } from "../parts/index.ts";
import { now } from "../shell/now.ts";
import { copy as copyText } from "../shell/copy.ts";
import { say, tell } from "../shell/passing.ts";
import { speaker } from "../text/who.ts";
import type { SheetName } from "./MessageMenu.tsx";
import { chooseNone } from "./selection.ts";

/** Words of several as they are copied: with who said them, and when, where it is more than one. */
export function together(messages: readonly Message[]): string {
  const said = messages.filter((message) => message.text);
  if (said.length < 2) return said[0]?.text ?? "";
  const line = (one: Message) => `[${day(one.at, now.value)}, ${clock(one.at)}] ${speaker(one)}: ${one.text}`;
  return said.map(line).join("\n");
}

/** In the place of a chat's header while some of its messages are chosen: what can be done with them. */
export function ChosenBar(props: {
  messages: readonly Message[];
  onSheet: (name: SheetName) => void;
}): JSX.Element {
  const { messages, onSheet } = props;
  useEffect(() => {
    const leave = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !document.querySelector("dialog[open]")) chooseNone();
    };
    addEventListener("keydown", leave);
    return () => {
      removeEventListener("keydown", leave);
    };
  }, []);
  const text = together(messages);
  const whole = messages.every((one) => !one.retracted && one.kind !== "call");
  const copy = async () => {
    await copyText(text);
    chooseNone();
    say(t("chat.copied"));
  };
  return (
    <header class="pane-top chat-top" aria-label={t("chat.chosen", { count: messages.length })}>
      <IconButton icon="close" label={t("do.cancel")} onClick={chooseNone} />
      <h2 class="chosen-count">
        <span role="status">{t("chat.chosen", { count: messages.length })}</span>
      </h2>
      <IconButton
        icon="copy"
        label={t("do.copy")}
        disabled={!text}
        onClick={() => {
          tell(copy());
        }}
      />
      <IconButton
        icon="forward"
        label={t("chat.forward")}
        disabled={!whole}
        onClick={() => {
          onSheet("forward");
        }}
      />
      <IconButton
        icon="trash"
        label={t("chat.delete")}
        onClick={() => {
          onSheet("delete");
        }}
      />
    </header>
  );
}
