import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import type { Chat } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { useLoaded } from "../page/act.ts";
import { CopyButton, LinkBox, Pane, Problem, Qr, ShareButton } from "../page/index.ts";
import { Spinner } from "../parts/index.ts";

/** A link to share, and the same as a code. */
export function GroupLink({ chat }: { chat: Chat }): JSX.Element {
  const client = useClient();
  const link = useLoaded(() => client.do.groupLink(chat.id), [chat.id]);
  return (
    <Pane title={t("group.link")} page="link">
      <div class="card">
        <Problem text={link.problem} onAgain={link.again} />
        {!link.value && !link.problem && <Spinner size={32} />}
        {link.value && (
          <>
            <Qr text={link.value} label={t("code.of", { name: chat.name })} />
            <p>{chat.group?.closed ? t("group.linkClosedText") : t("group.linkOpenText")}</p>
            <LinkBox text={link.value} />
            <div class="card-do">
              <ShareButton
                title={chat.name}
                text={t("group.shareText", { name: chat.name })}
                link={link.value}
              />
              <CopyButton text={link.value} />
            </div>
          </>
        )}
      </div>
    </Pane>
  );
}
