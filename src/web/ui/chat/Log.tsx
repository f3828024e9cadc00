import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { day } from "../../i18n/times.ts";
import type { ChatView } from "../../state/client.ts";
import type { Chat } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { Empty, IconButton, Skeleton, Spinner } from "../parts/index.ts";
import { contents } from "./contents.ts";
import { now } from "../shell/now.ts";
import { items, type Item } from "./items.ts";
import { MessageRow, type Acts } from "./MessageRow.tsx";
import { byTab, walk } from "./roving.ts";
import { Scroll } from "./scroll.ts";

/** How near to an edge of what is loaded more of it is asked for. */
const near = 2000;

/** What the pane asks of its log. */
export interface LogHandle {
  jump: (message: string) => Promise<boolean>;
}

function Line(props: {
  item: Item;
  acts: Acts;
  group: boolean;
  flash: boolean;
  reachable: boolean;
}): JSX.Element {
  const { item, ...rest } = props;
  if (item.kind === "day")
    return (
      <h3 class="log-day">
        <span>{day(item.at, now.value)}</span>
      </h3>
    );
  if (item.kind === "new") return <div class="log-new">{t("chat.new")}</div>;
  return <MessageRow item={item} {...rest} />;
}

/** Tells the box what has been on the screen, as long as somebody looks. */
function useReading(chat: Chat, view: ChatView, scroll: Scroll): () => void {
  const { do: act } = useClient();
  const seen = useRef("");
  const unread = useRef(chat.unread);
  unread.current = chat.unread;
  const look = useMemo(
    () => () => {
      if (document.visibilityState !== "visible" || !document.hasFocus()) return;
      const all = view.messages.value;
      const last = scroll.follow ? all.at(-1)?.id : scroll.heights.keyAt(scroll.distance);
      if (!last || last === seen.current) return;
      const at = (id: string) => all.findIndex((message) => message.id === id);
      if (at(last) <= at(seen.current)) return;
      seen.current = last;
      if (unread.current > 0) void act.read(chat.id, last);
    },
    [view],
  );
  useEffect(() => {
    addEventListener("focus", look);
    document.addEventListener("visibilitychange", look);
    return () => {
      removeEventListener("focus", look);
      document.removeEventListener("visibilitychange", look);
    };
  }, [look]);
  return look;
}

/** Says what arrives to those who hear the page. */
function Announce({ view }: { view: ChatView }): JSX.Element {
  const last = view.messages.value.at(-1);
  const first = useRef(last?.id);
  const said = last && !last.own && last.id !== first.current && view.latest.value;
  // A notice is said by nobody.
  const text = said && [last.who, contents(last)].filter(Boolean).join(": ");
  return (
    <div class="unseen" aria-live="polite">
      {text ?? ""}
    </div>
  );
}

/** The messages of a chat: only those near the window are in the page. */
export function Log(props: {
  chat: Chat;
  view: ChatView;
  acts: Acts;
  firstUnread: string | undefined;
  handle: (handle: LogHandle) => void;
}): JSX.Element {
  const { chat, view } = props;
  const [, redraw] = useState({});
  const [flash, setFlash] = useState<string>();
  const [far, setFar] = useState(false);
  const [focused, setFocused] = useState<string>();
  const scroll = useMemo(() => new Scroll(), [view]);
  const element = useRef<HTMLDivElement>(null);
  const started = useRef(false);
  /** A message to be shown as soon as it is among the lines. */
  const wanted = useRef<string | undefined>(undefined);

  const messages = view.messages.value;
  const lines = useMemo(() => items(messages, props.firstUnread), [messages, props.firstUnread]);
  useMemo(() => {
    scroll.heights.keys = lines.map((line) => line.key);
  }, [lines, scroll]);
  const look = useReading(chat, view, scroll);

  // One's own new words are followed to the end; what is only loaded is not.
  const last = messages.at(-1);
  const latest = view.latest.value;
  const before = useRef({ last: last?.id, latest });
  if (last?.own && last.id !== before.current.last && latest && before.current.latest && started.current)
    scroll.toEnd();
  before.current = { last: last?.id, latest };

  const more = () => {
    if (view.busy.value || !lines.length) return;
    if (!view.complete.value && scroll.heights.total - scroll.distance - scroll.view < near)
      void view.older();
    else if (!view.latest.value && scroll.distance < near) void view.newer();
  };

  const measure = (rows: Iterable<Element>) => {
    if (scroll.hidden) return;
    const heights: number[] = [];
    for (const row of rows) {
      const height = row.getBoundingClientRect().height;
      heights.push(height);
      scroll.heights.measure((row as HTMLElement).dataset["key"]!, height);
    }
    scroll.measured(heights);
    scroll.settle();
  };

  const watched = useMemo(() => new WeakSet<Element>(), [scroll]);
  const watcher = useMemo(
    () =>
      new ResizeObserver((entries) => {
        measure(entries.map((entry) => entry.target).filter((row) => row.isConnected));
        if (scroll.outgrown()) redraw({});
      }),
    [scroll],
  );
  useEffect(
    () => () => {
      watcher.disconnect();
    },
    [watcher],
  );

  useLayoutEffect(() => {
    const shown = element.current;
    if (!shown) return;
    scroll.element = shown;
    if (!started.current && lines.length) {
      started.current = true;
      if (props.firstUnread && scroll.aim("new", 0.25)) redraw({});
    }
    if (wanted.current && scroll.aim(wanted.current, 0.4)) {
      setFlash(wanted.current);
      setTimeout(setFlash, 1600, undefined);
      wanted.current = undefined;
      redraw({});
    }
    const rows = shown.querySelectorAll("[data-key]");
    measure(rows);
    for (const row of rows) {
      if (watched.has(row)) continue;
      watched.add(row);
      watcher.observe(row);
    }
    look();
    more();
  });
  useEffect(() => {
    const shown = element.current;
    if (!shown) return;
    const size = new ResizeObserver(() => {
      scroll.settle();
      if (scroll.outgrown()) redraw({});
    });
    size.observe(shown);
    return () => {
      size.disconnect();
    };
  }, [scroll]);

  const jump = async (message: string): Promise<boolean> => {
    wanted.current = message;
    if (scroll.heights.indexOf(message) < 0 && !(await view.jump(message))) {
      wanted.current = undefined;
      return false;
    }
    redraw({});
    return true;
  };
  props.handle({ jump });

  const onScroll = () => {
    if (scroll.scrolled(view.latest.value)) redraw({});
    setFar(!scroll.follow && (scroll.distance > 300 || !view.latest.value));
    look();
    more();
  };
  const end = async () => {
    if (!view.latest.value) await view.end();
    scroll.toEnd();
    setFar(false);
    redraw({});
  };

  const { start, end: stop } = scroll.range();
  const drawn = lines.slice(start, stop);
  const reachable = byTab(drawn, focused);
  return (
    <div class="log-frame">
      <div
        ref={element}
        class="log"
        role="log"
        aria-live="off"
        aria-label={t("chat.messages", { name: chat.name })}
        aria-busy={view.busy.value}
        onScroll={onScroll}
        onKeyDown={walk}
        onFocusIn={(event) => {
          setFocused((event.target as Element).closest<HTMLElement>("[data-key]")?.dataset["key"]);
        }}
      >
        <div class="log-in">
          {view.busy.value && messages.length > 0 && start === 0 && !view.complete.value && (
            <div class="log-busy">
              <Spinner />
            </div>
          )}
          <div style={{ height: `${scroll.heights.before(start)}px` }} />
          {drawn.map((line) => (
            <div key={line.key} data-key={line.key}>
              <Line
                item={line}
                acts={props.acts}
                group={chat.kind === "group"}
                flash={flash === line.key}
                reachable={line.key === reachable}
              />
            </div>
          ))}
          <div style={{ height: `${scroll.heights.after(stop)}px` }} />
        </div>
      </div>
      {!messages.length &&
        (view.busy.value ? (
          <div class="log-over">
            <Skeleton rows={5} />
          </div>
        ) : (
          <Nothing chat={chat} />
        ))}
      {far && (
        <div class="log-end">
          <IconButton icon="down" label={t("chat.toEnd")} onClick={() => void end()} />
          {chat.unread > 0 && (
            <span class="count-badge" aria-hidden="true">
              {chat.unread}
            </span>
          )}
        </div>
      )}
      <Announce view={view} />
    </div>
  );
}

function Nothing({ chat }: { chat: Chat }): JSX.Element {
  return (
    <div class="log-over">
      <Empty icon="chat" title={t("chat.empty")} text={t("chat.emptyText", { name: chat.name })} />
    </div>
  );
}
