import "./texts.ts";
import type { JSX } from "preact";
import { t, type Key } from "../../i18n/index.ts";
import { full, length, size } from "../../i18n/times.ts";
import type { Delivery, Message } from "../../state/model.ts";
import { feeling } from "../text/who.ts";
import { Row, Section, Sheet, type IconName } from "../parts/index.ts";
import { ReadBy } from "./ReadBy.tsx";
import type { MessageSheet } from "./index.ts";
import "./dialogs.css";

const states: Readonly<Record<Delivery, { icon: IconName; title: Key }>> = {
  waiting: { icon: "clock", title: "state.waiting" },
  sent: { icon: "check", title: "info.sent" },
  delivered: { icon: "checks", title: "info.delivered" },
  read: { icon: "seen", title: "state.read" },
  failed: { icon: "alert", title: "state.failed" },
};

function fileText({ attachment }: Message): string {
  if (!attachment) return "";
  const facts = [
    attachment.size === undefined ? "" : size(attachment.size),
    attachment.width && attachment.height ? `${attachment.width} × ${attachment.height}` : "",
    attachment.duration === undefined ? "" : length(attachment.duration),
  ];
  return facts.filter(Boolean).join(" · ");
}

/** When it was sent, how far it came, and whether anybody between could read it. */
export function MessageInfo({ messages, onClose }: MessageSheet): JSX.Element {
  const message = messages[0]!;
  const state = message.state && states[message.state];
  return (
    <Sheet title={t("info.title")} small onClose={onClose}>
      <div class="page">
        {message.text && <blockquote class="info-text">{message.text}</blockquote>}
        <Section>
          <Row
            icon="clock"
            title={full(message.at)}
            text={message.own ? t("info.byYou") : t("info.by", { name: message.who })}
          />
          {state && (
            <Row
              icon={state.icon}
              title={t(state.title)}
              text={message.problem}
              wrong={message.state === "failed"}
            />
          )}
          <Row
            icon={message.encrypted ? "lock" : "unlock"}
            title={message.encrypted ? t("lock.on") : t("info.plain")}
            text={message.encrypted ? t("info.encryptedText") : t("info.plainText")}
          />
          {message.edited && <Row icon="edit" title={t("info.edited")} />}
          {message.attachment && <Row icon="file" title={message.attachment.name} text={fileText(message)} />}
        </Section>
        <ReadBy message={message} />
        {message.reactions.length > 0 && (
          <Section title={t("info.reactions")}>
            {message.reactions.map((one) => (
              <Row
                key={one.emoji}
                before={<span class="row-icon emoji">{one.emoji}</span>}
                title={<bdi>{feeling(one)}</bdi>}
              />
            ))}
          </Section>
        )}
      </div>
    </Sheet>
  );
}
