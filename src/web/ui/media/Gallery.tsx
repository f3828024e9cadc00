import "./gallery.css";
import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { length } from "../../i18n/times.ts";
import type { Message } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { Button, Empty, Icon, Sheet, Spinner } from "../parts/index.ts";
import { useWay, type PageProps } from "../dialogs/way.ts";
import { useFile } from "./useFile.ts";
import { want } from "./wanted.ts";
import { viewable, Viewer } from "./Viewer.tsx";

function Thumb({ message, onOpen }: { message: Message; onOpen: () => void }): JSX.Element {
  const film = message.kind === "video";
  const { url, busy, held } = useFile(message, !film);
  return (
    <button
      type="button"
      aria-label={t("media.open", { name: message.text || message.who })}
      onClick={onOpen}
    >
      {url && <img src={url} alt="" loading="lazy" decoding="async" />}
      {busy && <Spinner />}
      {held && <Icon name="photo" />}
      {film && (
        <span>
          <Icon name="play" size={18} />
          {message.attachment?.duration ? length(message.attachment.duration) : ""}
        </span>
      )}
    </button>
  );
}

/** All pictures and films of a chat that are at hand, the newest first; older ones when asked for. */
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
  const [open, setOpen] = useState<string>();
  const all = viewable(view.messages.value);
  const more = !view.complete.value;
  return (
    <Sheet title={t("media.gallery")} wide onClose={way.close}>
      {all.length ? (
        <div class="gallery-grid">
          {[...all].reverse().map((message) => (
            <Thumb
              key={message.id}
              message={message}
              onOpen={() => {
                want(message.id);
                setOpen(message.id);
              }}
            />
          ))}
        </div>
      ) : (
        !more && <Empty icon="photo" title={t("media.none")} text={t("media.noneText")} />
      )}
      {more && (
        <Button look="soft" wide busy={view.busy.value} onClick={() => void view.older()}>
          {t("media.older")}
        </Button>
      )}
      {open && (
        <Viewer
          messages={all}
          first={open}
          onClose={() => {
            setOpen(undefined);
          }}
        />
      )}
    </Sheet>
  );
}
