import "./gallery.css";
import "../dialogs/texts.ts";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { t, type Key } from "../../i18n/index.ts";
import type { ChatView } from "../../state/client.ts";
import type { Message } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { Button, Empty, Sheet, Tabs, type IconName } from "../parts/index.ts";
import { useWay, type PageProps } from "../shell/way.ts";
import { FileRow, LinkRow, Thumb } from "./Shelved.tsx";
import { files, links, pictured } from "./shelves.ts";
import { Viewer } from "./Viewer.tsx";
import { want } from "./wanted.ts";

type Shelf = "photos" | "files" | "links";

const shelves: Readonly<
  Record<
    Shelf,
    { label: Key; none: Key; icon: IconName; of: (all: readonly Message[]) => readonly unknown[] }
  >
> = {
  photos: { label: "shelf.photos", none: "shelf.noPhotos", icon: "photo", of: pictured },
  files: { label: "shelf.files", none: "shelf.noFiles", icon: "file", of: files },
  links: { label: "shelf.links", none: "shelf.noLinks", icon: "link", of: links },
};

/** So much more of what is looked for is a screenful; and so far is looked for it, before somebody asks once more (pages). */
const SCREEN = 15;
const PAGES = 8;

/** Reads on until there is a screenful more. */
async function fill(
  view: ChatView,
  of: (all: readonly Message[]) => readonly unknown[],
  wanted: () => boolean,
) {
  const enough = of(view.messages.peek()).length + SCREEN;
  for (let page = 0; page < PAGES && wanted(); page++) {
    const before = view.messages.peek().length;
    await view.older();
    const all = view.messages.peek();
    if (view.complete.peek() || all.length === before || of(all).length >= enough) return;
  }
}

function Stood({
  shelf,
  messages,
  onOpen,
}: {
  shelf: Shelf;
  messages: readonly Message[];
  onOpen: (message: string) => void;
}): JSX.Element {
  const way = useWay();
  const show = (message: Message) => () => {
    way.chat(message.chat, message.id);
  };
  if (shelf === "photos")
    return (
      <div class="gallery-grid">
        {pictured(messages)
          .reverse()
          .map((message) => (
            <Thumb
              key={message.id}
              message={message}
              onOpen={() => {
                onOpen(message.id);
              }}
            />
          ))}
      </div>
    );
  if (shelf === "files")
    return (
      <>
        {files(messages)
          .reverse()
          .map((message) => (
            <FileRow key={message.id} message={message} onShow={show(message)} />
          ))}
      </>
    );
  return (
    <>
      {links(messages)
        .reverse()
        .map((found) => (
          <LinkRow key={`${found.message.id} ${found.link}`} found={found} onShow={show(found.message)} />
        ))}
    </>
  );
}

/** What of a shelf is at hand, and the way to what is older. */
function Panel(props: { shelf: Shelf; view: ChatView; children: ComponentChildren }): JSX.Element {
  const { shelf, view } = props;
  const { none, icon, of } = shelves[shelf];
  const [reading, setReading] = useState(true);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let here = true;
    setReading(true);
    void fill(view, of, () => here).finally(() => {
      if (here) setReading(false);
    });
    return () => {
      here = false;
    };
  }, [view, shelf, turn]);
  const empty = of(view.messages.value).length === 0;
  const more = !view.complete.value;
  return (
    <div role="tabpanel" id={`shelf-${shelf}`} aria-labelledby={`shelf-tab-${shelf}`} class="shelves">
      {props.children}
      {empty && !reading && <Empty icon={icon} title={t(none)} text={t("shelf.noneText")} />}
      {more && (
        <Button
          look="soft"
          wide
          busy={reading}
          onClick={() => {
            setTurn(turn + 1);
          }}
        >
          {t("find.further")}
        </Button>
      )}
    </div>
  );
}

/** What was sent in a chat: pictures and films, files, links; the newest first, older ones when asked for. */
export function Gallery({ rest }: PageProps): JSX.Element {
  const client = useClient();
  const way = useWay();
  const chat = rest[0] ?? "";
  const view = useMemo(() => client.open(chat), [client, chat]);
  useEffect(
    () => () => {
      view.close();
    },
    [view],
  );
  const [shelf, setShelf] = useState<Shelf>("photos");
  const [open, setOpen] = useState<string>();
  const messages = view.messages.value;
  return (
    <Sheet page title={t("details.media")} wide onClose={way.close}>
      <div class="shelf-tabs">
        <Tabs
          id="shelf"
          label={t("details.media")}
          value={shelf}
          onChange={setShelf}
          options={Object.entries(shelves).map(([value, { label }]) => ({
            value: value as Shelf,
            label: t(label),
          }))}
        />
      </div>
      <Panel shelf={shelf} view={view}>
        <Stood
          shelf={shelf}
          messages={messages}
          onOpen={(message) => {
            want(message);
            setOpen(message);
          }}
        />
      </Panel>
      {open && (
        <Viewer
          messages={messages}
          first={open}
          onClose={() => {
            setOpen(undefined);
          }}
        />
      )}
    </Sheet>
  );
}
