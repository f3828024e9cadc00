import "./composer.css";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Chat, Message } from "../../state/model.ts";
import { EmojiPopup, Recorder, SendSheet } from "../chat/later.ts";
import { Quoted } from "../chat/Quoted.tsx";
import { useClient } from "../context.ts";
import { Icon, IconButton, type Place } from "../parts/index.ts";
import { handed, joined } from "../shell/handed.ts";
import { Attach } from "./Attach.tsx";
import { realKeys } from "../parts/keys.ts";
import { Mentions, useMentions } from "./Mentions.tsx";
import { useDraft } from "./useDraft.ts";
import { useFiles } from "./useFiles.ts";
import { reason } from "../text/reason.ts";
import { speaker } from "../text/who.ts";

/** What the next words are: an answer, or a better version. */
export interface Doing {
  kind: "reply" | "edit";
  message: Message;
}

const lines = 6;

function grow(field: HTMLTextAreaElement | null): void {
  if (!field) return;
  field.style.height = "auto";
  const line = parseFloat(getComputedStyle(field).lineHeight);
  const edges = field.offsetHeight - field.clientHeight;
  field.style.height = `${Math.min(field.scrollHeight, line * lines + 24) + edges}px`;
}

function Bar({ doing, onClose }: { doing: Doing; onClose: () => void }): JSX.Element {
  const { message } = doing;
  const who = doing.kind === "edit" ? t("composer.editing") : speaker(message);
  return (
    <div class="composer-bar">
      <Icon name={doing.kind} size={20} />
      <Quoted quote={{ who, text: message.text, kind: message.kind }} />
      <IconButton icon="close" size={20} label={t("do.cancel")} onClick={onClose} />
    </div>
  );
}

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
  const { text, write, put, clear } = useDraft(chat, doing);
  const [problem, setProblem] = useState<string>();
  const [emoji, setEmoji] = useState<Place>();
  const [speaking, setSpeaking] = useState<"held" | "free">();
  const files = useFiles(field);
  const mentions = useMentions(chat, field, put);

  useLayoutEffect(() => {
    grow(field.current);
  }, [text]);
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
  const send = async () => {
    const said = text.trim();
    if (!said) return;
    const before = text;
    clear();
    onDoing(undefined);
    setProblem(undefined);
    field.current?.focus();
    try {
      if (doing?.kind === "edit") await client.do.edit(doing.message.id, said);
      else await client.do.send(chat.id, said, doing ? { replyTo: doing.message.id } : {});
    } catch (error) {
      // What has been typed since stays.
      put(doing?.kind === "edit" ? before : joined(before, field.current?.value ?? ""));
      onDoing(doing);
      setProblem(reason(error));
    }
  };
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
        <Bar
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
              write(event.currentTarget.value);
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
            clear();
            onDoing(undefined);
          }}
        />
      )}
    </footer>
  );
}

/** Held, it records as long as it is held; pressed once, until it is told to stop. */
function Mic({
  onStart,
  onRelease,
}: {
  onStart: (how: "held" | "free") => void;
  onRelease: () => void;
}): JSX.Element {
  const held = useRef(false);
  return (
    <button
      type="button"
      class="icon-button primary mic"
      aria-label={t("composer.speak")}
      title={t("composer.speak")}
      onPointerDown={(event) => {
        held.current = event.pointerType !== "mouse";
        if (held.current) onStart("held");
      }}
      onPointerUp={onRelease}
      onPointerCancel={onRelease}
      onClick={() => {
        if (!held.current) onStart("free");
        held.current = false;
      }}
      onKeyDown={() => {
        held.current = false;
      }}
      onContextMenu={(event) => {
        event.preventDefault();
      }}
    >
      <Icon name="mic" />
    </button>
  );
}
