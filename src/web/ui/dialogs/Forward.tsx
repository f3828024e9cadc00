import "./texts.ts";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Address } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { Button, Sheet } from "../parts/index.ts";
import { useAct } from "../page/act.ts";
import type { MessageSheet } from "./index.ts";
import { ChatPicker, Problem } from "../page/index.ts";
import "./dialogs.css";

/** Sends messages on to other chats, in their order. */
export function ForwardSheet({ messages, onClose }: MessageSheet): JSX.Element {
  const client = useClient();
  const act = useAct();
  const [chosen, setChosen] = useState<readonly Address[]>([]);
  const sealed = messages.some((message) => message.encrypted);
  /** Those of the chosen ones where it could be read on the way. */
  const open = () =>
    sealed ? client.chats.value.filter((chat) => chosen.includes(chat.id) && chat.lock === "off") : [];
  const send = () =>
    act.run(async () => {
      const known = new Set(client.chats.value.map((chat) => chat.id));
      const warned = open().length;
      for (const one of chosen) if (!known.has(one)) await client.do.chat(one);
      // Only now it is known whether the new ones can be encrypted: who sends shall know it too.
      if (open().length > warned) return;
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
        <Problem text={act.problem} />
        {open().length > 0 && (
          <p class="warn">
            {t("forward.open", {
              names: open()
                .map((chat) => chat.name)
                .join(", "),
            })}
          </p>
        )}
        <ChatPicker
          chosen={chosen}
          onPick={(one) => {
            setChosen(chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one]);
          }}
        />
      </div>
    </Sheet>
  );
}
