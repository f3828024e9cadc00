import type { Payload, Said } from "../../proto/said.ts";
import type { Address } from "../model.ts";

/** A message as it came, still closed. */
export interface Letter {
  said: Said;
  /** Bare address of who wrote it; unknown where a group does not show it. */
  sender: Address | undefined;
  group: Address | undefined;
  at: number;
}

/**
 * What an encrypted message turned out to be. `nothing`: for the session alone; `before`: from before this device was there;
 * `unreadable`: one quiet line.
 */
export type Opened =
  | { kind: "payload"; payload: Payload; device: number }
  | { kind: "nothing" | "before" }
  | { kind: "unreadable"; text: string };
