import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import { brief, day, length, size } from "../../i18n/times.ts";
import type { Message } from "../../state/model.ts";
import { Icon, IconButton, Row, Spinner } from "../parts/index.ts";
import { now } from "../shell/now.ts";
import { speaker } from "../text/who.ts";
import { FileName } from "./FileName.tsx";
import type { Bringing, Found } from "./shelves.ts";
import { useFile, useSave } from "./useFile.ts";

/** A picture or a film in a grid. */
export function Thumb({ message, onOpen }: { message: Message; onOpen: () => void }): JSX.Element {
  const film = message.kind === "video";
  const { url, busy, held } = useFile(message, !film);
  const name = message.text || `${speaker(message)}, ${day(message.at, now.value)}`;
  return (
    <button type="button" aria-label={t("media.open", { name })} onClick={onOpen}>
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

const facts = (message: Message, ...more: string[]): string =>
  [...more, speaker(message), brief(message.at, now.value)].filter(Boolean).join(" · ");

function ToMessage({ onShow }: { onShow: () => void }): JSX.Element {
  return <IconButton icon="chat" label={t("chat.toQuote")} onClick={onShow} />;
}

/** A file; a press saves it. */
export function FileRow({ message, onShow }: { message: Bringing; onShow: () => void }): JSX.Element {
  const { attachment } = message;
  const { busy, problem, save } = useSave(attachment);
  return (
    <Row
      before={<span class="row-icon">{busy ? <Spinner size={22} /> : <Icon name="file" />}</span>}
      title={<FileName name={attachment.name} />}
      text={
        <>
          <span dir="auto">{facts(message, attachment.size ? size(attachment.size) : "")}</span>
          {problem && (
            <span class="problem" role="alert">
              {problem}
            </span>
          )}
        </>
      }
      disabled={busy || !attachment.url}
      onClick={() => void save()}
      after={<ToMessage onShow={onShow} />}
    />
  );
}

/** A page of the web; a press goes there. */
export function LinkRow({ found, onShow }: { found: Found; onShow: () => void }): JSX.Element {
  const { message, link, text } = found;
  return (
    <Row
      icon="link"
      title={<bdi class="cut">{text.replace(/^https?:\/\/(www\.)?|\/$/g, "")}</bdi>}
      text={<span dir="auto">{facts(message)}</span>}
      href={link}
      outside
      after={<ToMessage onShow={onShow} />}
    />
  );
}
