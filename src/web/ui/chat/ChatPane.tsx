import "./chat.css";
import "./message.css";
import "../media/media.css";
import { useComputed } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Chat, Message } from "../../state/model.ts";
import type { Doing } from "../composer/Composer.tsx";
import { useClient } from "../context.ts";
import { want } from "../media/wanted.ts";
import { Button, Empty, type Place } from "../parts/index.ts";
import { copy } from "../shell/copy.ts";
import { say, tell } from "../shell/passing.ts";
import { ChosenBar, EmojiPopup, MediaViewer, messageSheet } from "./later.ts";
import { Foot } from "./Foot.tsx";
import { Header } from "./Header.tsx";
import { Asks, Undecided } from "./Hints.tsx";
import { Log, type LogHandle } from "./Log.tsx";
import { MessageMenu, type SheetName } from "./MessageMenu.tsx";
import type { Acts } from "./MessageRow.tsx";
import { toggled } from "./Reactions.tsx";
import { chooseNone, chosen as marked } from "./selection.ts";

interface Open {
  what: "menu" | "picker" | SheetName;
  message: string;
  /** Those that are chosen besides. */
  all?: boolean;
  at?: Place;
}

function names(chat: Chat, people: Iterable<{ name: string }>, own: string): string[] {
  if (!chat.group) return [];
  return [...new Set([chat.group.nick, own, ...[...people].map((person) => person.name)])];
}

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
  const [open, setOpen] = useState<Open>();
  const [viewed, setViewed] = useState<string>();
  const log = useRef<LogHandle | undefined>(undefined);

  const jump = async (message: string | undefined) => {
    if (message === undefined || !(await log.current?.jump(message))) say(t("chat.quoteFar"));
  };
  const own = client.me.value.name;
  const group = chat?.group?.nick;
  const acts = useMemo<Acts>(
    () => ({
      menu: (message, at) => {
        setOpen({ what: "menu", message: message.id, at });
      },
      picker: (message, at) => {
        setOpen({ what: "picker", message: message.id, at });
      },
      reply: (message) => {
        setDoing({ kind: "reply", message });
      },
      jump: (message) => void jump(message),
      react: (message, emoji) => {
        tell(client.do.react(message.id, toggled(message.reactions, emoji)));
      },
      view: (message) => {
        want(message.id);
        setViewed(message.id);
      },
      retry: (message) => {
        tell(client.do.retry(message.id));
      },
      cancel: (message) => {
        tell(client.do.cancel(message.id));
      },
      names: chat ? names(chat, client.people.peek().values(), own) : [],
    }),
    [client, props.id, own, group],
  );
  useEffect(() => {
    if (props.jump) void jump(props.jump);
  }, [props.jump, view]);

  const gone = doing && view.messages.value.find((one) => one.id === doing.message.id)?.retracted;
  useEffect(() => {
    if (gone) setDoing(undefined);
  }, [gone]);

  if (!chat)
    return (
      <Empty icon="chat" title={t("chat.unknown")} text={t("chat.unknownText")}>
        <Button look="soft" icon="back" onClick={props.onBack}>
          {t("do.back")}
        </Button>
      </Empty>
    );
  const several = view.messages.value.filter((message) => marked.value?.has(message.id));
  const chosen = open && view.messages.value.find((message) => message.id === open.message);
  const close = () => {
    if (open?.all) chooseNone();
    setOpen(undefined);
  };
  const Over = open && open.what !== "menu" && open.what !== "picker" ? messageSheet(open.what) : undefined;
  return (
    <section class="chat" aria-label={chat.name}>
      {several.length > 0 ? (
        <ChosenBar
          messages={several}
          onSheet={(what: SheetName) => {
            setOpen({ what, message: several[0]!.id, all: true });
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
      {chosen && open.what === "menu" && open.at && (
        <MessageMenu
          message={chosen}
          chat={chat}
          at={open.at}
          acts={{
            reply: acts.reply,
            edit: (message: Message) => {
              setDoing({ kind: "edit", message });
            },
            copy: (message: Message) => {
              tell(
                copy(message.text).then(() => {
                  say(t("chat.copied"));
                }),
              );
            },
            sheet: (what, message) => {
              setOpen({ what, message: message.id });
            },
          }}
          onReact={(emoji) => {
            acts.react(chosen, emoji);
          }}
          onPicker={(at) => {
            setOpen({ what: "picker", message: chosen.id, at });
          }}
          onClose={close}
        />
      )}
      {chosen && open.what === "picker" && open.at && (
        <EmojiPopup
          at={open.at}
          onClose={close}
          onPick={(emoji: string) => {
            acts.react(chosen, emoji);
            close();
          }}
        />
      )}
      {chosen && Over && <Over messages={open.all ? several : [chosen]} onClose={close} />}
      {viewed && (
        <MediaViewer
          messages={view.messages.value}
          first={viewed}
          onClose={() => {
            setViewed(undefined);
          }}
        />
      )}
    </section>
  );
}
