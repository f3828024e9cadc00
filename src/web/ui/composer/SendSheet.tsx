import "./sendsheet.css";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { fileName } from "../../i18n/names.ts";
import { size } from "../../i18n/times.ts";
import type { Chat } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { kindOf, prepare } from "../media/prepare.ts";
import { Button, Field, FileInput, Icon, IconButton, Sheet, Switch } from "../parts/index.ts";
import { reason } from "../text/reason.ts";

interface Item {
  file: File;
  url: string;
  caption: string;
}

function Look({ item, small }: { item: Item; small?: boolean }): JSX.Element {
  const [unreadable, setUnreadable] = useState(false);
  const kind = kindOf(item.file.type);
  if (kind === "photo" && !unreadable)
    return (
      <img
        src={item.url}
        alt={small ? "" : fileName(item.file.name)}
        onError={() => {
          setUnreadable(true);
        }}
      />
    );
  if (kind === "video" && !small) return <video src={item.url} controls playsInline />;
  return (
    <span class="look-file">
      <Icon name={kind === "video" ? "video" : "file"} size={small ? 24 : 40} />
      {!small && (
        <>
          <b dir="auto">{fileName(item.file.name)}</b>
          <small>{size(item.file.size)}</small>
        </>
      )}
    </span>
  );
}

function Strip(props: {
  items: readonly Item[];
  at: number;
  onChoose: (at: number) => void;
  onAdd: () => void;
}): JSX.Element {
  return (
    <div class="strip" role="group" aria-label={t("send.chosen")}>
      {props.items.map((item, i) => (
        <button
          key={item.url}
          type="button"
          aria-label={fileName(item.file.name)}
          aria-pressed={i === props.at}
          onClick={() => {
            props.onChoose(i);
          }}
        >
          <Look item={item} small />
        </button>
      ))}
      <IconButton icon="add" look="soft" label={t("send.add")} onClick={props.onAdd} />
    </div>
  );
}

/** A last look before files go, with a word for each. */
export function SendSheet(props: {
  chat: Chat;
  files: readonly File[];
  caption: string;
  replyTo?: string;
  onClose: (sent: boolean) => void;
}): JSX.Element {
  const client = useClient();
  const made = (file: File, caption = ""): Item => ({ file, url: URL.createObjectURL(file), caption });
  const [items, setItems] = useState<readonly Item[]>(() =>
    props.files.map((file, i) => made(file, i ? "" : props.caption)),
  );
  const [at, setAt] = useState(0);
  const [untouched, setUntouched] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const left = useRef(items);
  left.current = items;
  useEffect(
    () => () => {
      for (const item of left.current) URL.revokeObjectURL(item.url);
    },
    [],
  );

  const shown = items[Math.min(at, items.length - 1)];
  const pictures = useMemo(() => items.some((item) => kindOf(item.file.type) === "photo"), [items]);
  const remove = () => {
    if (items.length === 1) {
      props.onClose(false);
      return;
    }
    if (shown) URL.revokeObjectURL(shown.url);
    setItems(items.filter((item) => item !== shown));
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
        setItems((before) => before.filter((one) => one !== item));
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
      action={<IconButton icon="trash" label={t("send.remove")} disabled={busy} onClick={remove} />}
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
      <FileInput
        field={input}
        multiple
        onFiles={(files) => {
          setItems([...items, ...files.map((file) => made(file))]);
        }}
      />
      <Field
        label={t("send.caption")}
        value={shown.caption}
        capitals
        onInput={(caption) => {
          setItems(items.map((item) => (item === shown ? { ...item, caption } : item)));
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
