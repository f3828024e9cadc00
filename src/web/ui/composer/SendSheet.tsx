import "./sendsheet.css";
import type { JSX } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Chat } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { kindOf, prepare } from "../media/prepare.ts";
import { Button, Field, FileInput, IconButton, Sheet, Switch } from "../parts/index.ts";
import { reason } from "../text/reason.ts";
import { Look, Strip } from "./Strip.tsx";
import { useChosen, type Chosen } from "./useChosen.ts";

/** A last look before files go, with a word for each. */
export function SendSheet(props: {
  chat: Chat;
  files: readonly File[];
  caption: string;
  replyTo?: string;
  onClose: (sent: boolean) => void;
}): JSX.Element {
  const client = useClient();
  const { items, add, remove, describe } = useChosen(props.files, props.caption);
  const [at, setAt] = useState(0);
  const [untouched, setUntouched] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const input = useRef<HTMLInputElement>(null);

  const shown = items[Math.min(at, items.length - 1)];
  const pictures = useMemo(() => items.some((item) => kindOf(item.file.type) === "photo"), [items]);
  const leaveOut = (item: Chosen) => {
    if (items.length === 1) {
      props.onClose(false);
      return;
    }
    remove(item);
    setAt(Math.max(0, at - 1));
  };
  const send = async () => {
    setBusy(true);
    setProblem(undefined);
    let first = true;
    for (const item of items) {
      try {
        const file = await prepare(item.file, untouched);
        const caption = item.caption.trim();
        await client.do.sendFile(props.chat.id, file, {
          ...(caption ? { caption } : {}),
          ...(first && props.replyTo ? { replyTo: props.replyTo } : {}),
        });
        first = false;
        remove(item);
      } catch (error) {
        setProblem(reason(error));
        setBusy(false);
        return;
      }
    }
    props.onClose(true);
  };
  if (!shown) return <></>;
  return (
    <Sheet
      title={t("send.title", { name: props.chat.name })}
      wide
      onClose={() => {
        props.onClose(false);
      }}
      action={
        <IconButton
          icon="trash"
          label={t("send.remove")}
          disabled={busy}
          onClick={() => {
            leaveOut(shown);
          }}
        />
      }
      footer={
        <Button icon="send" busy={busy} onClick={() => void send()}>
          {items.length > 1 ? t("send.count", { count: items.length }) : t("do.send")}
        </Button>
      }
    >
      <div class="look">
        <Look key={shown.url} item={shown} />
      </div>
      <Strip
        items={items}
        at={items.indexOf(shown)}
        onChoose={setAt}
        onAdd={() => {
          input.current?.click();
        }}
      />
      <FileInput field={input} multiple onFiles={add} />
      <Field
        label={t("send.caption")}
        value={shown.caption}
        capitals
        onInput={(caption) => {
          describe(shown, caption);
        }}
      />
      {pictures && (
        <Switch
          label={t("send.untouched")}
          hint={t("send.untouchedHint")}
          on={untouched}
          onChange={setUntouched}
        />
      )}
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </Sheet>
  );
}
