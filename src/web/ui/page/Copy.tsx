import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { Button, Icon, type IconName } from "../parts/index.ts";
import { copy as copyText } from "../shell/copy.ts";
import { tell } from "../shell/passing.ts";

/** Copies, and says so for a moment. */
function useCopy(text: string): { copied: boolean; copy: () => void } {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(setCopied, 2500, false);
    return () => {
      clearTimeout(timer);
    };
  }, [copied]);
  return {
    copied,
    copy: () => {
      tell(
        copyText(text).then(() => {
          setCopied(true);
        }),
      );
    },
  };
}

/** A text to take along: an address, a link. A press copies it. */
export function CopyRow({
  label,
  text,
  icon = "at",
}: {
  label: string;
  text: string;
  icon?: IconName;
}): JSX.Element {
  const { copied, copy } = useCopy(text);
  return (
    <div class="row">
      <button type="button" class="row-main" onClick={copy}>
        <span class="row-icon">
          <Icon name={icon} />
        </span>
        <span class="words">
          <span class="text">{label}</span>
          <span class="title">{text}</span>
        </span>
        <span class="copy-mark">
          <Icon name={copied ? "check" : "copy"} size={20} />
          <span class="unseen">{t("do.copy")}</span>
        </span>
        <span class="unseen" role="status">
          {copied && t("copy.done")}
        </span>
      </button>
    </div>
  );
}

export function CopyButton({ text }: { text: string }): JSX.Element {
  const { copied, copy } = useCopy(text);
  return (
    <Button look="soft" icon={copied ? "check" : "copy"} onClick={copy}>
      <span role="status">{copied ? t("copy.done") : t("do.copy")}</span>
    </Button>
  );
}

/** A link in full, to be read or marked by hand. */
export function LinkBox({ text }: { text: string }): JSX.Element {
  return <p class="link-box">{text}</p>;
}

/** The device's own way of passing something on, where it has one. A link that is not of the web goes as text: not every way takes it. */
export function ShareButton({
  title,
  text,
  link,
}: {
  title: string;
  text: string;
  link: string;
}): JSX.Element | null {
  if (typeof navigator.share !== "function") return null;
  const data = link.startsWith("https:") ? { title, text, url: link } : { title, text: `${text} ${link}` };
  return (
    <Button
      icon="share"
      onClick={() => {
        navigator.share(data).catch(() => undefined);
      }}
    >
      {t("share.do")}
    </Button>
  );
}
