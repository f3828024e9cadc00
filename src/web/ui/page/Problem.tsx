import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import { Button, Icon } from "../parts/index.ts";

/** What went wrong, beside what was pressed; read out at once. */
export function Problem({ text, onAgain }: { text: string | undefined; onAgain?: () => void }): JSX.Element {
  return (
    <span role="alert" class={text ? "problem-line" : undefined}>
      {text && (
        <>
          <Icon name="alert" size={20} />
          <span>{text}</span>
          {onAgain && (
            <Button look="plain" onClick={onAgain}>
              {t("do.retry")}
            </Button>
          )}
        </>
      )}
    </span>
  );
}
