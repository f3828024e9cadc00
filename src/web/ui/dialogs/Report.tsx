import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { useClient } from "../context.ts";
import { Button, Choice, Sheet, Switch } from "../parts/index.ts";
import { useAct } from "../page/act.ts";
import { Problem } from "../page/index.ts";
import "./dialogs.css";

/** Tells those who look after the box, and blocks in the same step where wished (XEP-0377). */
export function ReportSheet(props: { address: string; name: string; onClose: () => void }): JSX.Element {
  const client = useClient();
  const act = useAct();
  const id = useId();
  const [why, setWhy] = useState<"spam" | "abuse">("spam");
  const [text, setText] = useState("");
  const [block, setBlock] = useState(true);
  const [sent, setSent] = useState(false);
  const send = () =>
    act.run(async () => {
      const said = text.trim();
      if (said) await client.do.report(props.address, why === "spam", said);
      else await client.do.report(props.address, why === "spam");
      // A report comes with a block (XEP-0377 section 3.1): who wants none takes it back.
      if (!block) await client.do.block(props.address, false);
      setSent(true);
    });
  if (sent)
    return (
      <Sheet
        title={t("report.thanks")}
        small
        onClose={props.onClose}
        footer={<Button onClick={props.onClose}>{t("do.done")}</Button>}
      >
        <p role="status">{t("report.thanksText")}</p>
      </Sheet>
    );
  return (
    <Sheet
      title={t("report.title", { name: props.name })}
      small
      onClose={props.onClose}
      footer={
        <>
          <Button look="plain" onClick={props.onClose}>
            {t("do.cancel")}
          </Button>
          <Button look="wrong" busy={act.busy !== undefined} onClick={() => void send()}>
            {t("report.do")}
          </Button>
        </>
      }
    >
      <div class="stack">
        <Choice
          label={t("report.why")}
          value={why}
          onChange={setWhy}
          options={[
            { value: "spam", label: t("report.spam"), hint: t("report.spamHint") },
            { value: "abuse", label: t("report.abuse"), hint: t("report.abuseHint") },
          ]}
        />
        <div class="field">
          <label for={id}>{t("report.text")}</label>
          <div class="box">
            <textarea
              id={id}
              rows={3}
              maxLength={1000}
              value={text}
              onInput={(event) => {
                setText(event.currentTarget.value);
              }}
            />
          </div>
          <p class="hint">{t("report.textHint")}</p>
        </div>
        <Switch label={t("report.block")} on={block} onChange={setBlock} />
        <Problem text={act.problem} />
      </div>
    </Sheet>
  );
}
