import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { length, size } from "../../i18n/times.ts";
import type { Attachment, Message } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { fit } from "../media/box.ts";
import { FileName } from "../media/FileName.tsx";
import { useFile, useSave } from "../media/useFile.ts";
import { Voice } from "../media/Voice.tsx";
import { Icon, Spinner } from "../parts/index.ts";
import type { Acts } from "./acts.ts";

const most = { width: 320, height: 380 };

interface Props {
  message: Message;
  attachment: Attachment;
  acts: Acts;
}

/** How far it has gone up, and a way to stop it. */
function Sending({
  message,
  acts,
  plain,
}: {
  message: Message;
  acts: Acts;
  plain?: boolean;
}): JSX.Element | null {
  const transfer = useClient().transfers.value.get(message.id);
  if (message.state !== "waiting") return null;
  return (
    <button
      type="button"
      class={plain ? "sending plain" : "sending"}
      aria-label={t("media.cancel")}
      title={t("media.cancel")}
      onClick={(event) => {
        event.stopPropagation();
        acts.cancel(message);
      }}
    >
      <Spinner size={44} done={transfer?.done} />
      <Icon name="close" size={18} />
    </button>
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

function Photo({ message, attachment, acts }: Props): JSX.Element {
  const { url, problem, busy, held, again } = useFile(message, true);
  const [broken, setBroken] = useState(false);
  const [own, setOwn] = useState<{ width: number; height: number }>();
  const { width, height } = fit(attachment.width ?? own?.width, attachment.height ?? own?.height, most);
  if (broken) return <FileLine message={message} attachment={attachment} acts={acts} />;
  return (
    <div class="picture" style={{ width: `${width}px`, aspectRatio: `${width} / ${height}` }}>
      <button
        type="button"
        class="picture-open"
        aria-label={held ? t("media.showPhoto") : t("media.open", { name: message.text || t("kind.photo") })}
        onClick={() => {
          if (problem || held) again();
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
        {held && <Held attachment={attachment} />}
        {problem && (
          <span class="picture-problem">
            <Icon name="alert" />
            {problem} <b>{t("do.retry")}</b>
          </span>
        )}
      </button>
      <Sending message={message} acts={acts} />
    </div>
  );
}

function Video({ message, attachment, acts }: Props): JSX.Element {
  const { width, height } = fit(attachment.width, attachment.height, most);
  const facts = [attachment.duration && length(attachment.duration), attachment.size && size(attachment.size)]
    .filter(Boolean)
    .join(" · ");
  return (
    <div class="picture film" style={{ width: `${width}px`, aspectRatio: `${width} / ${height}` }}>
      <button
        type="button"
        class="picture-open"
        aria-label={`${t("media.open", { name: message.text || t("kind.video") })} ${facts}`}
        onClick={() => {
          acts.view(message);
        }}
      >
        <span class="film-play">
          <Icon name="play" size={28} />
        </span>
        <span class="film-facts">{facts}</span>
      </button>
      <Sending message={message} acts={acts} />
    </div>
  );
}

function FileLine({ message, attachment, acts }: Props): JSX.Element {
  const { busy, problem, save } = useSave(attachment);
  return (
    <div class="file">
      <button type="button" class="file-main" disabled={busy || !attachment.url} onClick={() => void save()}>
        <span class="file-icon">{busy ? <Spinner size={22} /> : <Icon name="file" />}</span>
        <span class="file-words">
          <FileName name={attachment.name} />
          <small>
            {attachment.size ? `${size(attachment.size)} · ` : ""}
            {t("do.save")}
          </small>
        </span>
      </button>
      <Sending message={message} acts={acts} plain />
      {problem && <p class="problem">{problem}</p>}
    </div>
  );
}

/** What a message brings besides words. */
export function Attached({ message, acts }: { message: Message; acts: Acts }): JSX.Element | null {
  const { attachment } = message;
  if (!attachment) return null;
  const props = { message, attachment, acts };
  switch (message.kind) {
    case "photo":
      return <Photo {...props} />;
    case "video":
      return <Video {...props} />;
    case "voice":
    case "audio":
      return (
        <>
          {message.kind === "audio" && (
            <b class="audio-name">
              <FileName name={attachment.name} />
            </b>
          )}
          <Voice id={message.id} attachment={attachment} message={message} />
          <Sending message={message} acts={acts} plain />
        </>
      );
    default:
      return <FileLine {...props} />;
  }
}
