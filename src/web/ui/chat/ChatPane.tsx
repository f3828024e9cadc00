import "./chat.css";
import "./message.css";
import "./album.css";
import "../media/media.css";
import { useComputed } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Doing } from "../composer/Doing.tsx";
import { useClient } from "../context.ts";
import { say } from "../shell/passing.ts";
import { ChosenBar } from "./later.ts";
import { Foot } from "./Foot.tsx";
import { Header } from "./Header.tsx";
import { Asks, Undecided } from "./Hints.tsx";
import { Log, type LogHandle } from "./Log.tsx";
import type { SheetName } from "./MessageMenu.tsx";
import { NoChat } from "./NoChat.tsx";
import { OverChat, type Over } from "./OverChat.tsx";
import { chooseNone, chosenOf } from "./selection.ts";
import { useActs } from "./useActs.ts";

/** A chat: its header, its messages, and where one writes. */
export function ChatPane(props: {
  id: string;
  jump: string | undefined;
  onBack: () => void;
  /** It has left the list while it was open: by its details, or on another device. */
  onGone: () => void;
}): JSX.Element {
  const client = useClient();
  // What happens in other chats draws nothing here anew.
  const found = useComputed(() => client.chats.value.find((one) => one.id === props.id));
  const chat = found.value;
  const there = chat !== undefined;
  const was = useRef(there);
  useEffect(() => {
    if (was.current && !there) props.onGone();
    was.current = there;
  }, [there]);
  const view = useMemo(() => client.open(props.id), [client, props.id]);
  useEffect(
    () => () => {
      view.close();
      chooseNone();
    },
    [view],
  );
  const [firstUnread] = useState(() => (chat && chat.unread > 0 ? chat.firstUnread : undefined));
  const [doing, setDoing] = useState<Doing>();
  const [over, setOver] = useState<Over>();
  const log = useRef<LogHandle | undefined>(undefined);

  const jump = async (message: string | undefined) => {
    if (message === undefined || !(await log.current?.jump(message))) say(t("chat.quoteFar"));
  };
  const acts = useActs(props.id, chat, {
    menu: (message, at) => {
      setOver({ what: "menu", message: message.id, at });
    },
    picker: (message, at) => {
      setOver({ what: "picker", message: message.id, at });
    },
    reply: (message) => {
      setDoing({ kind: "reply", message });
    },
    jump: (message) => void jump(message),
    view: (message) => {
      setOver({ what: "viewer", message: message.id });
    },
  });
  useEffect(() => {
    if (props.jump) void jump(props.jump);
  }, [props.jump, view]);

  const gone = doing && view.messages.value.find((one) => one.id === doing.message.id)?.retracted;
  useEffect(() => {
    if (gone) setDoing(undefined);
  }, [gone]);

  if (!chat) return <NoChat id={props.id} onBack={props.onBack} />;
  const several = chosenOf(view.messages.value);
  return (
    <section class="chat" aria-label={chat.name}>
      {several.length > 0 ? (
        <ChosenBar
          messages={several}
          onSheet={(what: SheetName) => {
            setOver({ what, message: several[0]!.id, all: true });
          }}
        />
      ) : (
        <Header chat={chat} onBack={props.onBack} />
      )}
      <Undecided chat={chat} />
      <Asks chat={chat} />
      <Log
        chat={chat}
        view={view}
        acts={acts}
        firstUnread={firstUnread}
        handle={(handle) => {
          log.current = handle;
        }}
      />
      <Foot chat={chat} doing={doing} onDoing={setDoing} />
      {over && (
        <OverChat
          chat={chat}
          messages={view.messages.value}
          over={over}
          acts={acts}
          onOver={setOver}
          onEdit={(message) => {
            setDoing({ kind: "edit", message });
          }}
          onClose={() => {
            if ("all" in over) chooseNone();
            setOver(undefined);
          }}
        />
      )}
    </section>
  );
}
