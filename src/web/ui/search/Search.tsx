import "../dialogs/texts.ts";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { clock, day } from "../../i18n/times.ts";
import type { Address, Found } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { useLoaded, useSettled } from "../page/act.ts";
import { Pane, Problem } from "../page/index.ts";
import { tell } from "../shell/passing.ts";
import { nameOf } from "../shell/people.ts";
import { useWay, type PageProps } from "../shell/way.ts";
import { Avatar, Button, Empty, SearchField, Skeleton } from "../parts/index.ts";
import { Further } from "./Further.tsx";
import { plain } from "../text/RichText.tsx";
import { speaker } from "../text/who.ts";
import { around } from "./highlight.ts";
import { Marked } from "./Marked.tsx";
import { Names, useNamed } from "./Names.tsx";
import { shelves } from "./shelves.ts";
import "./search.css";

/** Shorter words find everything. */
const shortest = 2;
/** Of each chat, as long as more than one was found. */
const few = 5;

/** `search` over all chats, `search/CHAT` in one. */
export function Search({ rest }: PageProps): JSX.Element {
  const client = useClient();
  const [chat] = rest;
  const [text, setText] = useState("");
  const wish = text.trim();
  const named = useNamed(chat ? "" : wish);
  const quiet = named.chats.length + named.people.length > 0;
  const title = chat ? t("find.inChat", { name: nameOf(client, chat) }) : t("list.search");
  return (
    <Pane title={title} page={chat ?? "all"} first>
      <div class="stick">
        <SearchField label={t("find.field")} value={text} onInput={setText} autofocus />
      </div>
      <Names named={named} text={wish} />
      {[...wish].length >= shortest ? (
        <Results text={wish} chat={chat} quiet={quiet} />
      ) : (
        !wish && (
          <Empty
            icon="search"
            title={t("find.start")}
            text={chat ? t("find.startInChat") : t("find.startText")}
          />
        )
      )}
    </Pane>
  );
}

interface Asked {
  chat: Address | undefined;
  /** Somebody is called so: without messages it is not nothing that was found. */
  quiet: boolean;
}

function Results({ text, chat, quiet }: Asked & { text: string }): JSX.Element {
  const client = useClient();
  const wish = useSettled(text, 250);
  const found = useLoaded(() => client.do.search(wish, chat), [wish, chat]);
  /** Found further back. */
  const [older, setOlder] = useState<readonly Found[]>([]);
  useEffect(() => {
    setOlder([]);
  }, [found.value]);
  if (found.problem) return <Problem text={found.problem} onAgain={found.again} />;
  if (!found.value) return <Skeleton rows={4} />;
  return (
    <>
      <Shelves found={[...found.value, ...older]} wish={wish} chat={chat} quiet={quiet} />
      <Further
        key={`${wish} ${chat}`}
        text={wish}
        chat={chat}
        onFound={(more) => {
          setOlder((before) => [...before, ...more]);
        }}
      />
    </>
  );
}

function Shelves(props: Asked & { found: readonly Found[]; wish: string }): JSX.Element {
  const { found, wish, chat, quiet } = props;
  const [whole, setWhole] = useState<Address>();
  const count = found.length;
  const open = chat ?? whole;
  return (
    <>
      <p class="unseen" role="status">
        {t("find.count", { count })}
      </p>
      {!count && !quiet && (
        <Empty icon="search" title={t("find.none")} text={t("find.noneText", { text: wish })} />
      )}
      {!count && quiet && <p class="lead">{t("find.noneText", { text: wish })}</p>}
      {shelves(found).map((all) => {
        const single = all.chat === open;
        const shelf = single
          ? all
          : shelves(
              found.filter((one) => one.chat === all.chat),
              few,
            )[0]!;
        return (
          <section key={all.chat} class="section found">
            {!chat && <ChatTitle address={all.chat} stowed={all.days[0]?.found[0]?.stowed} />}
            {shelf.days.map((one) => (
              <Day key={one.at} at={one.at} found={one.found} query={wish} />
            ))}
            {!single && all.count > few && (
              <div class="inset">
                <Button
                  look="plain"
                  onClick={() => {
                    setWhole(all.chat);
                  }}
                >
                  {t("group.showAll", { count: all.count })}
                </Button>
              </div>
            )}
          </section>
        );
      })}
    </>
  );
}

function ChatTitle({ address, stowed }: { address: Address; stowed: string | undefined }): JSX.Element {
  const client = useClient();
  const chat = client.chats.value.find((one) => one.id === address);
  const name = stowed ?? nameOf(client, address);
  return (
    <h3 class="found-chat">
      <Avatar
        address={address}
        name={name}
        picture={chat?.picture}
        size={28}
        group={chat?.kind === "group"}
      />
      <bdi>{name}</bdi>
    </h3>
  );
}

function Day(props: { at: number; found: readonly Found[]; query: string }): JSX.Element {
  const way = useWay();
  const { do: commands } = useClient();
  const open = async (one: Found) => {
    if (one.stowed !== undefined) await commands.hide(one.chat, false);
    way.chat(one.chat, one.message);
  };
  return (
    <>
      <h4 class="found-day">{day(props.at, Date.now())}</h4>
      {props.found.map((one) => (
        <div key={one.message} class="row">
          <button
            type="button"
            class="row-main"
            onClick={() => {
              tell(open(one));
            }}
          >
            <span class="words">
              <span class="found-top">
                <bdi>{speaker(one)}</bdi>
                <time>{clock(one.at)}</time>
              </span>
              <span class="text" dir="auto">
                <Marked text={around(plain(one.text), props.query)} query={props.query} />
              </span>
            </span>
          </button>
        </div>
      ))}
    </>
  );
}
