import "./texts.ts";
import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import type { Message } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { Confirm } from "../parts/index.ts";
import { useAct } from "./act.ts";
import { Problem } from "./parts/index.ts";

/** Asks once, and deletes for everybody; what still waits is only taken back. */
export function DeleteMessage({ message, onClose }: { message: Message; onClose: () => void }): JSX.Element {
  const client = useClient();
  const act = useAct();
  const waits = message.state === "waiting" || message.state === "failed";
  const text = waits
    ? t("delete.waiting")
    : message.own
      ? t("delete.own")
      : t("delete.other", { name: message.who });
  return (
    <Confirm
      title={t("delete.title")}
      text={
        <>
          {text}
          <Problem text={act.problem} />
        </>
      }
      action={waits ? t("delete.here") : t("delete.do")}
      wrong
      busy={act.busy !== undefined}
      onClose={onClose}
      onConfirm={() =>
        void act.run(async () => {
          await (waits ? client.do.cancel(message.id) : client.do.retract(message.id));
          onClose();
        })
      }
    />
  );
}
