import "./texts.ts";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Chat } from "../../state/model.ts";
import { takeShared, type Shared } from "../../sw/share.ts";
import { SendSheet } from "../chat/later.ts";
import { useClient } from "../context.ts";
import { Avatar, Empty, Row } from "../parts/index.ts";
import { handed } from "../shell/handed.ts";
import { canWrite } from "../shell/people.ts";
import { PageSheet } from "../page/index.ts";
import { useWay } from "../shell/way.ts";

/** `share`: what another app handed over by the device's own "Share", for a chat to be chosen. It is given once. */
export function Share(): JSX.Element {
  const client = useClient();
  const way = useWay();
  const [shared, setShared] = useState<Shared | "none">();
  const [chat, setChat] = useState<Chat>();
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
          else setChat(undefined);
        }}
      />
    );
  const choose = (to: Chat) => {
    if (!shared || shared === "none") return;
    if (shared.files.length > 0) setChat(to);
    else {
      handed.value = { chat: to.id, text: shared.text };
      way.chat(to.id);
    }
  };
  return (
    <PageSheet title={t("share.to")} page="share" first>
      {shared === "none" ? (
        <Empty icon="file" title={t("share.nothing")} text={t("share.nothingText")} />
      ) : (
        client.chats.value.filter(canWrite).map((one) => (
          <Row
            key={one.id}
            before={
              <Avatar
                address={one.id}
                name={one.name}
                picture={one.picture}
                size={44}
                group={one.kind === "group"}
              />
            }
            title={<bdi>{one.name}</bdi>}
            onClick={() => {
              choose(one);
            }}
          />
        ))
      )}
    </PageSheet>
  );
}
