import "./texts.ts";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Address } from "../../state/model.ts";
import { takeShared, type Shared } from "../../sw/share.ts";
import { SendSheet } from "../chat/later.ts";
import { useClient } from "../context.ts";
import { Empty } from "../parts/index.ts";
import { handed } from "../shell/handed.ts";
import { useAct } from "../page/act.ts";
import { ChatPicker, PageSheet, Problem } from "../page/index.ts";
import { useWay } from "../shell/way.ts";

/** `share`: what another app handed over by the device's own "Share", for a chat to be chosen. It is given once. */
export function Share(): JSX.Element {
  const client = useClient();
  const way = useWay();
  const [shared, setShared] = useState<Shared | "none">();
  const [to, setTo] = useState<Address>();
  const chat = client.chats.value.find((one) => one.id === to);
  const act = useAct();
  useEffect(() => {
    void takeShared().then((found) => {
      setShared(found ?? "none");
    });
  }, []);

  if (shared && shared !== "none" && chat)
    return (
      <SendSheet
        chat={chat}
        files={shared.files}
        caption={shared.text}
        onClose={(sent) => {
          if (sent) way.chat(chat.id);
          else setTo(undefined);
        }}
      />
    );
  const choose = (to: Address) =>
    void act.run(async () => {
      if (!shared || shared === "none") return;
      if (!client.chats.value.some((one) => one.id === to)) await client.do.chat(to);
      if (shared.files.length > 0) setTo(to);
      else {
        handed.value = { chat: to, text: shared.text };
        way.chat(to);
      }
    });
  return (
    <PageSheet title={t("share.to")} page="share" first>
      {shared === "none" ? (
        <Empty icon="file" title={t("share.nothing")} text={t("share.nothingText")} />
      ) : (
        <>
          <Problem text={act.problem} />
          <ChatPicker onPick={choose} />
        </>
      )}
    </PageSheet>
  );
}
