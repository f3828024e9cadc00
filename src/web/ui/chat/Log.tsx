import type { JSX } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { day } from "../../i18n/times.ts";
import type { ChatView } from "../../state/client.ts";
import type { Chat } from "../../state/model.ts";
import { Empty, IconButton, Skeleton, Spinner } from "../parts/index.ts";
import { now } from "../shell/now.ts";
import type { Acts } from "./acts.ts";
import { Announce } from "./Announce.tsx";
import { holds, items, type Item } from "./items.ts";
import { MessageRow } from "./MessageRow.tsx";
import { byTab, walk } from "./roving.ts";
import { Scroll } from "./scroll.ts";
import { useMeasured } from "./useMeasured.ts";
import { usePlace } from "./usePlace.ts";
import { useReading } from "./useReading.ts";

/** How near to an edge of what is loaded more of it is asked for. */
const near = 2000;

/** What the pane asks of its log. */
export interface LogHandle {
  jump: (message: string) => Promise<boolean>;
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
  const [, drawAgain] = useState({});
  const redraw = () => {
    drawAgain({});
  };
  const [focused, setFocused] = useState<string>();
  const scroll = useMemo(() => new Scroll(), [view]);
  const element = useRef<HTMLDivElement>(null);
  const messages = view.messages.value;
  const lines = useMemo(() => items(messages, props.firstUnread), [messages, props.firstUnread]);
  useMemo(() => {
    scroll.heights.keys = lines.map((line) => line.key);
    for (const line of lines)
      if (line.kind === "message" && line.messages.length > 1)
        for (const { id } of line.messages) scroll.heights.also(line.key, id);
  }, [lines, scroll]);

  // In this order: what is aimed at is where it belongs before lines are measured, and only then it is known what is seen.
  useLayoutEffect(() => {
    if (element.current) scroll.element = element.current;
  });
  const place = usePlace(view, scroll, props.firstUnread !== undefined, redraw);
  useMeasured(scroll, element, redraw);
  const look = useReading(chat, view, scroll, lines);
  const more = () => {
    if (view.busy.value || !lines.length) return;
    if (!view.complete.value && scroll.heights.total - scroll.distance - scroll.view < near)
      void view.older();
    else if (!view.latest.value && scroll.distance < near) void view.newer();
  };
  useLayoutEffect(() => {
    look();
    more();
  });
  props.handle(place);

  const onScroll = () => {
    if (scroll.scrolled(view.latest.value)) redraw();
    place.moved();
    look();
    more();
  };
  const { start, end } = scroll.range();
  const drawn = lines.slice(start, end);
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
                flash={holds(line, place.flash) ? place.flash : undefined}
                reachable={line.key === reachable}
              />
            </div>
          ))}
          <div style={{ height: `${scroll.heights.after(end)}px` }} />
        </div>
      </div>
      {!messages.length && <Nothing chat={chat} busy={view.busy.value} />}
      {place.far && <ToEnd unread={chat.unread} onPress={() => void place.end()} />}
      <Announce view={view} />
    </div>
  );
}

function Line(props: {
  item: Item;
  acts: Acts;
  group: boolean;
  flash: string | undefined;
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

function Nothing({ chat, busy }: { chat: Chat; busy: boolean }): JSX.Element {
  return (
    <div class="log-over">
      {busy ? (
        <Skeleton rows={5} />
      ) : (
        <Empty icon="chat" title={t("chat.empty")} text={t("chat.emptyText", { name: chat.name })} />
      )}
    </div>
  );
}

function ToEnd({ unread, onPress }: { unread: number; onPress: () => void }): JSX.Element {
  return (
    <div class="log-end">
      <IconButton icon="down" label={t("chat.toEnd")} onClick={onPress} />
      {unread > 0 && (
        <span class="count-badge" aria-hidden="true">
          {unread}
        </span>
      )}
    </div>
  );
}
