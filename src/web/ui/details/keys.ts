import type { Key } from "../../i18n/index.ts";
import type { DeviceKey } from "../../state/model.ts";

/** A fingerprint as the other apps show it, in eights. */
export function eights(fingerprint: string): string[] {
  return (
    fingerprint
      .toLowerCase()
      .replace(/[^0-9a-f]/g, "")
      .match(/.{1,8}/g) ?? []
  );
}

export type Standing = "none" | "verified" | "undecided" | "trusted";

/** How a person's devices stand together. Refused ones do not count: nothing is sent to them. */
export function standing(keys: readonly DeviceKey[]): Standing {
  const used = keys.filter((key) => key.trust !== "refused");
  if (!used.length) return "none";
  if (used.some((key) => key.trust === "undecided")) return "undecided";
  return used.every((key) => key.trust === "verified") ? "verified" : "trusted";
}

/** This device first, then what waits for a decision, then by when they were last seen. */
export function inOrder(keys: readonly DeviceKey[]): DeviceKey[] {
  const waits = (key: DeviceKey) => Number(key.trust === "undecided");
  return [...keys].sort(
    (a, b) => Number(b.own) - Number(a.own) || waits(b) - waits(a) || (b.lastSeen ?? 0) - (a.lastSeen ?? 0),
  );
}

export const trustWords: Readonly<Record<DeviceKey["trust"], { name: Key; text: Key }>> = {
  verified: { name: "keys.verified", text: "keys.verifiedText" },
  trusted: { name: "keys.trusted", text: "keys.trustedText" },
  undecided: { name: "keys.undecided", text: "keys.undecidedText" },
  refused: { name: "keys.refused", text: "keys.refusedText" },
};
