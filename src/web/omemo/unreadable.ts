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

/**
 * What would help: `renew` a session that is lost, `begin` one where there is none, or nothing, because only this
 * message is bad.
 */
export type Cure = "renew" | "begin" | "none";

/** Thrown inside of the library, and given back as a value at its edge. Nothing has changed when it is thrown. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";

  constructor(
    readonly reason: Reason,
    detail: string,
    readonly cure: Cure = "none",
  ) {
    super(detail);
  }
}
