import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { clock, day } from "../../i18n/times.ts";
import type { Message } from "../../state/model.ts";
import { IconButton, Spinner } from "../parts/index.ts";
import { useModal } from "../parts/modal.ts";
import { now } from "../shell/now.ts";
import { speaker } from "../text/who.ts";
import { pictured } from "./shelves.ts";
import { save, useFile } from "./useFile.ts";
import { Zoom } from "./Zoom.tsx";

function One({ message, onSwipe }: { message: Message; onSwipe: (step: number) => void }): JSX.Element {
  const { url, problem, held, again } = useFile(message, true);
  if (problem || held)
    return (
      <button type="button" class="viewer-problem" onClick={again}>
        {problem}{" "}
        <b>{problem ? t("do.retry") : t(message.kind === "video" ? "media.showVideo" : "media.showPhoto")}</b>
      </button>
    );
  if (!url) return <Spinner size={44} />;
  if (message.kind === "video") return <video src={url} controls autoplay playsInline loop={false} />;
  return <Zoom url={url} label={message.text || t("kind.photo")} onSwipe={onSwipe} />;
}

/** A picture or a film on the whole screen; arrows and swipes go to the next. */
export function Viewer(props: {
  messages: readonly Message[];
  first: string;
  onClose: () => void;
}): JSX.Element | null {
  const dialog = useModal();
  const [shown, setShown] = useState(props.first);
  const all = pictured(props.messages);
  const at = all.findIndex((message) => message.id === shown);
  const message = all[at];
  const { url } = useFile(message, message !== undefined);

  useEffect(() => {
    if (!message) props.onClose();
  }, [message]);

  if (!message) return null;
  const step = (by: number) => {
    const next = all[at + by];
    if (next) setShown(next.id);
  };
  return (
    <dialog
      ref={dialog}
      class="viewer"
      aria-label={t("media.viewer")}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
      onKeyDown={(event) => {
        if (event.target instanceof HTMLVideoElement) return;
        if (event.key === "ArrowLeft") step(-1);
        if (event.key === "ArrowRight") step(1);
      }}
    >
      <header class="viewer-top">
        <div class="viewer-words">
          <b class="cut" dir="auto">
            {speaker(message)}
          </b>
          <small>
            {day(message.at, now.value)}, {clock(message.at)}
            {all.length > 1 && ` · ${at + 1}/${all.length}`}
          </small>
        </div>
        <IconButton
          icon="download"
          label={t("do.save")}
          disabled={!url}
          onClick={() => {
            if (url) save(url, message.attachment.name);
          }}
        />
        <IconButton icon="close" label={t("do.close")} onClick={props.onClose} />
      </header>
      <div class="viewer-middle">
        <One key={message.id} message={message} onSwipe={step} />
        {at > 0 && (
          <IconButton
            class="viewer-step back"
            icon="back"
            label={t("media.before")}
            onClick={() => {
              step(-1);
            }}
          />
        )}
        {at < all.length - 1 && (
          <IconButton
            class="viewer-step next"
            icon="back"
            label={t("media.after")}
            onClick={() => {
              step(1);
            }}
          />
        )}
      </div>
      {message.text && (
        <p class="viewer-caption" dir="auto">
          {message.text}
        </p>
      )}
    </dialog>
  );
}
