import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { Button, Empty, Skeleton } from "../parts/index.ts";
import type { Load } from "../parts/lazy.tsx";
import type { PageProps } from "./way.ts";

/** A page whose code is still to come. When it cannot be had (no network), it says so and tries again. */
export function Later({
  load,
  onClose,
  rest,
}: PageProps & { load: Load<PageProps>; onClose: () => void }): JSX.Element {
  const [page, setPage] = useState<{ Page?: ComponentType<PageProps>; failed?: true }>({});
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let wanted = true;
    load().then(
      (made) => {
        if (wanted) setPage({ Page: made });
      },
      () => {
        if (wanted) setPage({ failed: true });
      },
    );
    return () => {
      wanted = false;
    };
  }, [load, turn]);
  if (page.Page) return <page.Page rest={rest} />;
  if (!page.failed) return <Skeleton rows={4} />;
  return (
    <Empty icon="alert" title={t("later.failed")} text={t("later.failedText")}>
      <Button
        onClick={() => {
          setTurn(turn + 1);
        }}
      >
        {t("do.retry")}
      </Button>
      <Button look="plain" onClick={onClose}>
        {t("do.back")}
      </Button>
    </Empty>
  );
}
