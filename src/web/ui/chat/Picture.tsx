import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { length, size } from "../../i18n/times.ts";
import type { Attachment, Message } from "../../state/model.ts";
import { fit } from "../media/box.ts";
import { useFile } from "../media/useFile.ts";
import { Icon, Spinner } from "../parts/index.ts";
import type { Acts } from "./acts.ts";
import { FileLine } from "./FileLine.tsx";

const most = { width: 320, height: 380 };

/** Where a picture stands among others. */
export interface Cell {
  /** The first is 1. */
  at: number;
  count: number;
  /** So many that are not drawn stand behind it. */
  behind: number;
}

interface Props {
  message: Message;
  attachment: Attachment;
  acts: Acts;
  /** Undefined: it stands alone, in its own shape. */
  cell: Cell | undefined;
  /** What lies on it. */
  children: ComponentChildren;
}

/** Its words, or what it is; and which one it is among others. */
export function nameOf({ text, kind }: Message, cell: Cell | undefined): string {
  const name = text || t(`kind.${kind === "video" ? "video" : "photo"}`);
  return cell ? t("media.oneOf", { name, at: cell.at, count: cell.count }) : name;
}

/** The room of a picture; among others they share it out. */
function Frame(props: {
  film?: boolean;
  width: number | undefined;
  height: number | undefined;
  cell: Cell | undefined;
  children: ComponentChildren;
}): JSX.Element {
  const { cell } = props;
  const { width, height } = fit(props.width, props.height, most);
  return (
    <div
      class={props.film ? "picture film" : "picture"}
      {...(!cell && { style: { width: `${width}px`, aspectRatio: `${width} / ${height}` } })}
    >
      {props.children}
    </div>
  );
}

/** In the place of a photo that waits to be asked for. */
function Held({ attachment }: { attachment: Attachment }): JSX.Element {
  return (
    <span class="picture-problem">
      <Icon name="photo" />
      <b>{t("media.showPhoto")}</b>
      {attachment.size && <small>{size(attachment.size)}</small>}
    </span>
  );
}

function Photo({ message, attachment, acts, cell, children }: Props): JSX.Element {
  const { url, problem, busy, held, again } = useFile(message, true);
  const [broken, setBroken] = useState(false);
  const [own, setOwn] = useState<{ width: number; height: number }>();
  if (broken) return <FileLine message={message} attachment={attachment} acts={acts} />;
  const more = cell !== undefined && cell.behind > 0;
  return (
    <Frame width={attachment.width ?? own?.width} height={attachment.height ?? own?.height} cell={cell}>
      <button
        type="button"
        class="picture-open"
        aria-label={held && !more ? t("media.showPhoto") : t("media.open", { name: nameOf(message, cell) })}
        onClick={() => {
          if ((problem || held) && !more) again();
          else acts.view(message);
        }}
      >
        {url && (
          <img
            src={url}
            alt=""
            decoding="async"
            onError={() => {
              setBroken(true);
            }}
            onLoad={(event) => {
              const { naturalWidth, naturalHeight } = event.currentTarget;
              if (!attachment.width) setOwn({ width: naturalWidth, height: naturalHeight });
            }}
          />
        )}
        {busy && <Spinner size={32} />}
        {held && !more && <Held attachment={attachment} />}
        {problem && !more && (
          <span class="picture-problem">
            <Icon name="alert" />
            {problem} <b>{t("do.retry")}</b>
          </span>
        )}
      </button>
      {children}
    </Frame>
  );
}

function Film({ message, attachment, acts, cell, children }: Props): JSX.Element {
  const { duration } = attachment;
  // There is less room among others.
  const facts = [duration && length(duration), !cell && attachment.size && size(attachment.size)]
    .filter(Boolean)
    .join(" · ");
  return (
    <Frame film width={attachment.width} height={attachment.height} cell={cell}>
      <button
        type="button"
        class="picture-open"
        aria-label={`${t("media.open", { name: nameOf(message, cell) })} ${facts}`}
        onClick={() => {
          acts.view(message);
        }}
      >
        <span class="film-play">
          <Icon name="play" size={28} />
        </span>
        <span class="film-facts">{facts}</span>
      </button>
      {children}
    </Frame>
  );
}

/** A photo or a film in its place in a chat; a press shows it on the whole screen. */
export function Picture(props: Omit<Props, "attachment">): JSX.Element | null {
  const { attachment, kind } = props.message;
  if (!attachment) return null;
  return kind === "video" ? (
    <Film {...props} attachment={attachment} />
  ) : (
    <Photo {...props} attachment={attachment} />
  );
}
