import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Address } from "../../state/model.ts";
import { Checked } from "../dialogs/Introduction.tsx";
import { readTarget } from "../page/links.ts";
import { MyCode } from "../dialogs/MyCode.tsx";
import { Pane, Problem } from "../page/index.ts";
import { Scan } from "../dialogs/Scan.tsx";

/** Two people side by side: one shows a code, the other scans it. */
export function Verify(props: { address: Address; name: string; show: boolean }): JSX.Element {
  const { address, name } = props;
  const [keys, setKeys] = useState<string>();
  const [problem, setProblem] = useState<string>();
  if (props.show)
    return (
      <Pane title={t("code.mine")} page="code">
        <MyCode hint={t("keys.showHint", { name })} />
      </Pane>
    );
  const found = (text: string, seen: boolean) => {
    const target = readTarget(text, location.host);
    if (!seen) setProblem(t("keys.onlySeen"));
    else if (target?.kind !== "keys") setProblem(t("keys.noKeys"));
    else if (target.address !== address) setProblem(t("keys.otherPerson", { name, address: target.address }));
    else setKeys(target.uri);
  };
  return (
    <Pane title={t("keys.scan", { name })} page={keys ? "checked" : "verify"}>
      {keys ? (
        <Checked uri={keys} />
      ) : (
        <>
          <Problem text={problem} />
          <Scan key={problem} hint={t("keys.scanHint", { name })} onFound={found} />
        </>
      )}
    </Pane>
  );
}
