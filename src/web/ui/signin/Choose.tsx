import "../dialogs/texts.ts";
import "./signin.css";
import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import type { Choice, Client } from "../../state/client.ts";
import { useAct } from "../page/act.ts";
import { Problem } from "../page/index.ts";
import { Button } from "../parts/index.ts";
import { Mark } from "../parts/Mark.tsx";

/** Two people, one browser: who goes on here? Nothing is changed before somebody says so. */
export function Choose(props: { choice: Choice; onDone: (client: Client) => void }): JSX.Element {
  const { from, to, stay, go } = props.choice;
  const act = useAct();
  const then = (name: string, begin: () => Promise<Client>) => () =>
    void act.run(async () => {
      props.onDone(await begin());
    }, name);
  return (
    <main class="signin">
      <div class="signin-card">
        <Mark size={56} />
        <h1>{t("choose.title")}</h1>
        <p>{t("choose.text", { from, to })}</p>
        <p class="hint">{t("choose.hint", { from })}</p>
        <Problem text={act.problem} />
        <Button wide busy={act.busy === "go"} disabled={act.busy !== undefined} onClick={then("go", go)}>
          {t("choose.go", { to })}
        </Button>
        <Button
          wide
          look="soft"
          busy={act.busy === "stay"}
          disabled={act.busy !== undefined}
          onClick={then("stay", stay)}
        >
          {t("choose.stay", { from })}
        </Button>
        <p class="hint">{t("choose.later", { to })}</p>
      </div>
    </main>
  );
}
