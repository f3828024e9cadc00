import "./texts.ts";
import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import { list } from "../../i18n/times.ts";
import type { Message } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { Button, Sheet } from "../parts/index.ts";
import { useAct } from "../page/act.ts";
import type { MessageSheet } from "./index.ts";
import { Problem } from "../page/index.ts";

const waits = ({ state }: Message): boolean => state === "waiting" || state === "failed";

/** What is said before it is done, for everybody or here alone. */
function warning(messages: readonly Message[], everywhere: boolean): string {
  const count = messages.length;
  if (messages.every(waits)) return t("delete.waiting", { count });
  if (!everywhere) return t("delete.hereText", { count });
  const others = new Set(messages.filter((one) => !one.own).map((one) => one.who));
  return others.size ? t("delete.other", { count, names: list([...others]) }) : t("delete.own", { count });
}

/** Deletes for everybody where one may, or on this device; what still waits is only taken back. */
export function DeleteMessage({ messages, onClose }: MessageSheet): JSX.Element {
  const client = useClient();
  const act = useAct();
  const chat = client.chats.value.find((one) => one.id === messages[0]?.chat);
  const rules = chat?.group?.role === "owner" || chat?.group?.role === "admin";
  const everywhere = messages.every((one) => (one.own || rules) && !one.retracted && !waits(one));
  const remove = (name: string, one: (message: string) => Promise<void>) => () =>
    void act.run(async () => {
      for (const { id } of messages) await one(id);
      onClose();
    }, name);
  const { cancel, remove: here, retract } = client.do;
  const away = (id: string) => (messages.every(waits) ? cancel(id) : here(id));
  return (
    <Sheet title={t("delete.title", { count: messages.length })} small onClose={onClose}>
      <div class="stack">
        <p>{warning(messages, everywhere)}</p>
        <Problem text={act.problem} />
        {everywhere && (
          <Button wide look="wrong" busy={act.busy === "all"} onClick={remove("all", retract)}>
            {t("delete.do")}
          </Button>
        )}
        <Button
          wide
          look={everywhere ? "soft" : "wrong"}
          busy={act.busy === "here"}
          onClick={remove("here", away)}
        >
          {messages.every(waits) ? t("delete.discard") : t("delete.here")}
        </Button>
        {everywhere && <p class="hint">{t("delete.hereText", { count: messages.length })}</p>}
        <Button wide look="plain" onClick={onClose}>
          {t("do.cancel")}
        </Button>
      </div>
    </Sheet>
  );
}
