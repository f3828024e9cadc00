import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import { size } from "../../i18n/times.ts";
import type { Attachment, Message } from "../../state/model.ts";
import { FileName } from "../media/FileName.tsx";
import { useSave } from "../media/useFile.ts";
import { Icon, Spinner } from "../parts/index.ts";
import type { Acts } from "./acts.ts";
import { Sending } from "./Sending.tsx";

/** A file by its name; a press saves it. */
export function FileLine({
  message,
  attachment,
  acts,
}: {
  message: Message;
  attachment: Attachment;
  acts: Acts;
}): JSX.Element {
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
