import type { Self } from "./context.ts";
import type { Noted } from "./trust.ts";

/** A key that was used, to be told about once its transaction has been stored. */
export interface Notice extends Noted {
  readonly jid: string;
  readonly device: number;
}

export function announce({ onEvent }: Self, notices: readonly Notice[]): void {
  for (const { jid, device, key, fresh } of notices) {
    if (fresh === "no") continue;
    const { fingerprint, trust } = key;
    onEvent?.({ kind: "new-key", jid, device, fingerprint, trust, first: fresh === "first" });
  }
}
