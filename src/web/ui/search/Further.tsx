import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { day } from "../../i18n/times.ts";
import type { Address, Found, LookedBack } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { useAct } from "../page/act.ts";
import { Problem } from "../page/index.ts";
import { Button, Spinner } from "../parts/index.ts";

/** How many pages of history one press fetches at most. */
const pages = 40;

/** What lies further back than what is on this device: fetched and looked through when asked for, until told to stop. */
export function Further(props: {
  text: string;
  chat: Address | undefined;
  onFound: (found: readonly Found[]) => void;
}): JSX.Element | null {
  const client = useClient();
  const act = useAct();
  const [step, setStep] = useState<LookedBack>();
  const going = useRef(false);
  const stop = () => {
    going.current = false;
  };
  useEffect(() => stop, []);

  const go = () =>
    act.run(async () => {
      going.current = true;
      for (let page = 0; page < pages && going.current; page++) {
        const next = await client.do.lookBack(props.text, props.chat);
        if (!going.current) return;
        setStep(next);
        if (next.found.length) props.onFound(next.found);
        if (next.end) stop();
      }
      stop();
    });
  const offline = step?.end === "offline" || client.link.value !== "online";
  const reached = step?.since === undefined ? "" : t("find.since", { day: day(step.since, Date.now()) });
  return (
    <div class="further" role="status">
      <Problem text={act.problem} />
      {act.busy ? (
        <>
          <p>
            <Spinner size={20} /> {reached || t("find.looking")}
          </p>
          <Button look="plain" onClick={stop}>
            {t("find.stop")}
          </Button>
        </>
      ) : step?.end === "whole" ? (
        <p>{t("find.whole")}</p>
      ) : (
        <>
          <p>{offline ? t("find.offline") : reached || t("find.here")}</p>
          {!offline && (
            <Button look="soft" icon="search" onClick={() => void go()}>
              {t("find.further")}
            </Button>
          )}
        </>
      )}
    </div>
  );
}
