/**
 * Why a message can't be read:
 *
 * - `duplicate`: it was read before; nothing to show.
 * - `not-for-this-device`: it has no key for this device.
 * - `from-before`: so it is because this device did not exist yet.
 * - `own-device`: this device sent it itself.
 * - `forged`: who or where it says to be from is not so (XEP-0420 §5).
 * - `broken`: all else: no session, a lost key, damaged, not by whom it should be.
 */
export type Reason = "duplicate" | "not-for-this-device" | "from-before" | "own-device" | "forged" | "broken";

/** Thrown inside of the library, and given back as a value at its edge. Nothing has changed when it is thrown. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";

  constructor(
    readonly reason: Reason,
    detail: string,
    /** Whether there was no session at all to try. */
    readonly unknown = false,
  ) {
    super(detail);
  }
}
