import "./texts.ts";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Address } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { Avatar, Button, Empty, Row, SearchField, Sheet } from "../parts/index.ts";
import { useAct } from "../page/act.ts";
import type { MessageSheet } from "./index.ts";
import { Problem } from "../page/index.ts";
import { canWrite, matches } from "../shell/people.ts";
import "./dialogs.css";

/** Sends messages on to other chats, in their order. */
export function ForwardSheet({ messages, onClose }: MessageSheet): JSX.Element {
  const client = useClient();
  const act = useAct();
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<readonly Address[]>([]);
  const chats = client.chats.value.filter(canWrite);
  const found = chats.filter((chat) => matches(text, chat.name, chat.id));
  const open = messages.some((message) => message.encrypted)
    ? chats.filter((chat) => chosen.includes(chat.id) && chat.lock === "off").map((chat) => chat.name)
    : [];
  const send = () =>
    act.run(async () => {
      for (const { id } of messages) await client.do.forward(id, [...chosen]);
      onClose();
    });
  return (
    <Sheet
      title={t("forward.title")}
      onClose={onClose}
      footer={
        <Button
          wide
          icon="send"
          disabled={!chosen.length}
          busy={act.busy !== undefined}
          onClick={() => void send()}
        >
          {chosen.length ? t("forward.send", { count: chosen.length }) : t("do.send")}
        </Button>
      }
    >
      <div class="page">
        <div class="stick">
          <SearchField label={t("forward.filter")} value={text} onInput={setText} />
        </div>
        <Problem text={act.problem} />
        {open.length > 0 && <p class="warn">{t("forward.open", { names: open.join(", ") })}</p>}
        {found.map((chat) => (
          <Row
            key={chat.id}
            before={
              <Avatar
                address={chat.id}
                name={chat.name}
                picture={chat.picture}
                size={44}
                group={chat.kind === "group"}
              />
            }
            title={<bdi>{chat.name}</bdi>}
            checked={chosen.includes(chat.id)}
            onClick={() => {
              setChosen(
                chosen.includes(chat.id) ? chosen.filter((one) => one !== chat.id) : [...chosen, chat.id],
              );
            }}
          />
        ))}
        {!found.length && <Empty icon="chat" title={t("forward.none")} />}
      </div>
    </Sheet>
  );
}
