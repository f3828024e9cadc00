import "./composer.css";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Chat } from "../../state/model.ts";
import { EmojiPopup, Recorder, SendSheet } from "../chat/later.ts";
import { useClient } from "../context.ts";
import { IconButton, type Place } from "../parts/index.ts";
import { realKeys } from "../parts/keys.ts";
import { handed, joined } from "../shell/handed.ts";
import { Attach } from "./Attach.tsx";
import { DoingBar, type Doing } from "./Doing.tsx";
import { Mentions, useMentions } from "./Mentions.tsx";
import { Mic } from "./Mic.tsx";
import { useDraft } from "./useDraft.ts";
import { useFiles } from "./useFiles.ts";
import { useGrowing } from "./useGrowing.ts";
import { useSend } from "./useSend.ts";

function sends(event: KeyboardEvent, enter: "send" | "enter"): boolean {
  if (event.key !== "Enter" || event.isComposing) return false;
  if (event.ctrlKey || event.metaKey) return true;
  return enter === "send" && !event.shiftKey;
}

/** Where one writes. */
export function Composer(props: {
  chat: Chat;
  doing: Doing | undefined;
  onDoing: (doing: Doing | undefined) => void;
}): JSX.Element {
  const { chat, doing, onDoing } = props;
  const client = useClient();
  const field = useRef<HTMLTextAreaElement>(null);
  const draft = useDraft(chat, doing);
  const { text, put } = draft;
  const { send, problem } = useSend(chat, field, draft, doing, onDoing);
  const [emoji, setEmoji] = useState<Place>();
  const [speaking, setSpeaking] = useState<"held" | "free">();
  const files = useFiles(field);
  const mentions = useMentions(chat, field, put);
  useGrowing(field, text);

  useEffect(() => {
    if (doing || matchMedia("(hover: hover)").matches) field.current?.focus();
  }, [doing, chat.id]);

  /** Enter sends where there are real keys; on glass it makes a line, as in every other messenger. */
  const enter = client.settings.value.enterSends && realKeys() ? "send" : "enter";
  const given = handed.value?.chat === chat.id ? handed.value.text : undefined;
  useEffect(() => {
    if (given === undefined) return;
    handed.value = undefined;
    put(joined(text, given));
  }, [given]);
  const insert = (piece: string) => {
    const at = field.current?.selectionStart ?? text.length;
    const end = field.current?.selectionEnd ?? at;
    put(text.slice(0, at) + piece + text.slice(end), at + piece.length, field.current);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (mentions.key(event)) return;
    if (sends(event, enter)) {
      event.preventDefault();
      void send();
    } else if (event.key === "Escape" && doing) {
      event.stopPropagation();
      onDoing(undefined);
    }
  };
  const hasText = text.trim() !== "";
  const mayTalk = !hasText && doing?.kind !== "edit";

  return (
    <footer class="composer">
      {mentions.found.length > 0 && <Mentions {...mentions} />}
      {doing && (
        <DoingBar
          doing={doing}
          onClose={() => {
            onDoing(undefined);
          }}
        />
      )}
      {problem && (
        <p class="composer-problem" role="alert">
          {problem}
        </p>
      )}
      <div class="composer-line">
        <Attach disabled={doing?.kind === "edit"} onFiles={files.add} />
        <div class="composer-box">
          <textarea
            ref={field}
            rows={1}
            dir="auto"
            aria-label={t("composer.to", { name: chat.name })}
            placeholder={t("composer.message")}
            value={text}
            enterkeyhint={enter}
            {...mentions.aria}
            onInput={(event) => {
              draft.write(event.currentTarget.value);
              mentions.look();
            }}
            onSelect={mentions.look}
            onKeyDown={onKeyDown}
          />
          <IconButton
            icon="face"
            label={t("composer.emoji")}
            popup="dialog"
            onClick={(event) => {
              setEmoji(event.currentTarget as Element);
            }}
          />
        </div>
        {mayTalk ? (
          <Mic
            onStart={setSpeaking}
            onRelease={() => {
              // The recorder's code came too late to see it.
              if (speaking === "held") setSpeaking("free");
            }}
          />
        ) : (
          <IconButton
            icon={doing?.kind === "edit" ? "check" : "send"}
            look="primary"
            label={doing?.kind === "edit" ? t("do.save") : t("do.send")}
            disabled={!hasText}
            onClick={() => void send()}
          />
        )}
        {speaking && (
          <Recorder
            chat={chat.id}
            held={speaking === "held"}
            {...(doing ? { replyTo: doing.message.id } : {})}
            onClose={(sent: boolean) => {
              setSpeaking(undefined);
              if (sent) onDoing(undefined);
            }}
          />
        )}
      </div>
      {emoji && (
        <EmojiPopup
          at={emoji}
          stay
          onClose={() => {
            setEmoji(undefined);
          }}
          onPick={insert}
        />
      )}
      {files.chosen.length > 0 && (
        <SendSheet
          chat={chat}
          files={files.chosen}
          caption={hasText ? text : ""}
          {...(doing?.kind === "reply" ? { replyTo: doing.message.id } : {})}
          onClose={(sent: boolean) => {
            files.clear();
            if (!sent) return;
            draft.clear();
            onDoing(undefined);
          }}
        />
      )}
    </footer>
  );
}
