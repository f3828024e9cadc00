import "../dialogs/texts.ts";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { clock, day } from "../../i18n/times.ts";
import type { Address, Found } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { useLoaded, useSettled } from "../page/act.ts";
import { Pane, Problem } from "../page/index.ts";
import { matches, nameOf, withoutChat } from "../shell/people.ts";
import { useWay, type PageProps } from "../shell/way.ts";
import { Avatar, Button, Empty, Row, SearchField, Section, Skeleton } from "../parts/index.ts";
import { tell } from "../shell/passing.ts";
import { Further } from "./Further.tsx";
import { plain } from "../text/RichText.tsx";
import { speaker } from "../text/who.ts";
import { around, marked } from "./highlight.ts";
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
  const title = chat ? t("find.inChat", { name: nameOf(client, chat) }) : t("list.search");
  return (
    <Pane title={title} page={chat ?? "all"} first>
      <div class="stick">
        <SearchField label={t("find.field")} value={text} onInput={setText} autofocus />
      </div>
      {!chat && wish && <Names text={wish} />}
      {[...wish].length >= shortest ? (
        <Results text={wish} chat={chat} />
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

/** Chats and people that are called so. */
function Names({ text }: { text: string }): JSX.Element | null {
  const client = useClient();
  const way = useWay();
  const all = client.chats.value;
  const chats = all.filter((chat) => matches(text, chat.name, chat.id)).slice(0, few);
  const people = withoutChat(client.people.value.values(), all)
    .filter((one) => matches(text, one.name, one.address))
    .slice(0, few);
  const row = (
    address: Address,
    one: { name: string; picture?: string },
    group: boolean,
    open: () => void,
  ) => (
    <Row
      key={address}
      before={<Avatar address={address} name={one.name} picture={one.picture} size={40} group={group} />}
      title={<Marked text={one.name} query={text} />}
      onClick={open}
    />
  );
  return (
    <>
      {chats.length > 0 && (
        <Section title={t("find.chats")}>
          {chats.map((chat) =>
            row(chat.id, chat, chat.kind === "group", () => {
              way.chat(chat.id);
            }),
          )}
        </Section>
      )}
      {people.length > 0 && (
        <Section title={t("find.people")}>
          {people.map((one) =>
            row(one.address, one, false, () => {
              tell(client.do.chat(one.address).then(way.chat));
            }),
          )}
        </Section>
      )}
    </>
  );
}

function Results({ text, chat }: { text: string; chat: Address | undefined }): JSX.Element {
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
      <Shelves found={[...found.value, ...older]} wish={wish} chat={chat} />
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

function Shelves(props: { found: readonly Found[]; wish: string; chat: Address | undefined }): JSX.Element {
  const { found, wish, chat } = props;
  const [whole, setWhole] = useState<Address>();
  const count = found.length;
  const open = chat ?? whole;
  return (
    <>
      <p class="unseen" role="status">
        {t("find.count", { count })}
      </p>
      {!count && <Empty icon="search" title={t("find.none")} text={t("find.noneText", { text: wish })} />}
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
            {!chat && <ChatTitle address={all.chat} />}
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

function ChatTitle({ address }: { address: Address }): JSX.Element {
  const client = useClient();
  const chat = client.chats.value.find((one) => one.id === address);
  return (
    <h3 class="found-chat">
      <Avatar
        address={address}
        name={nameOf(client, address)}
        picture={chat?.picture}
        size={28}
        group={chat?.kind === "group"}
      />
      <bdi>{nameOf(client, address)}</bdi>
    </h3>
  );
}

function Day(props: { at: number; found: readonly Found[]; query: string }): JSX.Element {
  const way = useWay();
  return (
    <>
      <h4 class="found-day">{day(props.at, Date.now())}</h4>
      {props.found.map((one) => (
        <div key={one.message} class="row">
          <button
            type="button"
            class="row-main"
            onClick={() => {
              way.chat(one.chat, one.message);
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

function Marked({ text, query }: { text: string; query: string }): JSX.Element {
  return (
    <bdi>
      {marked(text, query).map((piece, i) => (piece.hit ? <mark key={i}>{piece.text}</mark> : piece.text))}
    </bdi>
  );
}
