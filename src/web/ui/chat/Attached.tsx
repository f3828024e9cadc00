import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { length, size } from "../../i18n/times.ts";
import type { Attachment, Message } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { fit } from "../media/box.ts";
import { save, useFile } from "../media/useFile.ts";
import { Voice } from "../media/Voice.tsx";
import { Icon, Spinner } from "../parts/index.ts";
import type { Acts } from "./MessageRow.tsx";
import { reason } from "../text/reason.ts";

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

/** The end of a name, which says what it is, is never cut. */
function nameParts(name: string): [string, string] {
  const dot = name.lastIndexOf(".");
  const from = dot > 0 && name.length - dot <= 8 ? Math.max(0, dot - 4) : name.length;
  return [name.slice(0, from), name.slice(from)];
}

function FileLine({ message, attachment, acts }: Props): JSX.Element {
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const fetchIt = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      save(await client.file(attachment), attachment.name);
    } catch (error) {
      setProblem(reason(error));
    }
    setBusy(false);
  };
  const [start, end] = nameParts(attachment.name);
  return (
    <div class="file">
      <button
        type="button"
        class="file-main"
        disabled={busy || !attachment.url}
        onClick={() => void fetchIt()}
      >
        <span class="file-icon">{busy ? <Spinner size={22} /> : <Icon name="file" />}</span>
        <span class="file-words">
          <span class="file-name" title={attachment.name}>
            <span class="cut">{start}</span>
            <span>{end}</span>
          </span>
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
          <Voice id={message.id} attachment={attachment} message={message} />
          <Sending message={message} acts={acts} plain />
        </>
      );
    default:
      return <FileLine {...props} />;
  }
}
