import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";

/** Something is on its way; with `done` (0 to 1) how much of it. */
export function Spinner({ size = 24, done }: { size?: number; done?: number | undefined }): JSX.Element {
  const round = 2 * Math.PI * 9;
  const part = done === undefined ? 0.28 : Math.max(0.03, done);
  return (
    <svg
      class={done === undefined ? "spinner" : "spinner still"}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2.5"
      stroke-linecap="round"
      role={done === undefined ? "img" : "progressbar"}
      aria-label={t("state.loading")}
      aria-valuenow={done === undefined ? undefined : Math.round(done * 100)}
    >
      <circle cx="12" cy="12" r="9" opacity=".25" />
      <circle
        cx="12"
        cy="12"
        r="9"
        stroke-dasharray={`${part * round} ${round}`}
        transform="rotate(-90 12 12)"
      />
    </svg>
  );
}

/** While it loads: grey shapes where rows will be. */
export function Skeleton({ rows }: { rows: number }): JSX.Element {
  return (
    <div class="skeleton" aria-busy="true">
      <span class="unseen">{t("state.loading")}</span>
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} class="row">
          <span class="bone picture" />
          <span class="words">
            <span class="bone line" />
            <span class="bone line long" />
          </span>
        </div>
      ))}
    </div>
  );
}
