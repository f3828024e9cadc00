import { t } from "../../i18n/index.ts";
import { StanzaError, TooLarge } from "../../xmpp/errors.ts";

/** Texts for conditions (RFC 6120 section 8.3.3) that mean something of their own for one thing. */
type Texts = Readonly<Record<string, string>>;

/** It may go better in a while: the network or another server was away. */
export class Later extends Error {
  override name = "Later";
}

/** Why words did not come to those whom they were for. */
export function undelivered(condition: string): string {
  switch (condition) {
    case "not-allowed":
    case "forbidden":
      return t("error.forbidden");
    case "item-not-found":
    case "service-unavailable":
      return t("error.nobody");
    case "not-acceptable":
      return t("error.notInGroup");
    default:
      return common(condition);
  }
}

/** Why something was not done that was asked of the box, of a group or of another server. */
function refused(condition: string): string {
  switch (condition) {
    case "not-allowed":
    case "forbidden":
    case "not-authorized":
      return t("error.notAllowed");
    case "item-not-found":
      return t("error.gone");
    default:
      return common(condition);
  }
}

function common(condition: string): string {
  switch (condition) {
    case "recipient-unavailable":
    case "remote-server-not-found":
    case "remote-server-timeout":
      return t("error.unreachable");
    case "policy-violation":
    case "resource-constraint":
      return t("error.tooMuch");
    default:
      return t("error.unknown");
  }
}

/** Why a message failed, in words for a person. */
export function problem(error: unknown): string {
  if (error instanceof StanzaError) return undelivered(error.condition);
  if (error instanceof TooLarge) return t("error.tooLong");
  return error instanceof Error && error.message ? error.message : t("error.unknown");
}

/** What was asked, with words for a person where it is refused. */
export async function inWords<T>(act: Promise<T>, own: Texts = {}): Promise<T> {
  try {
    return await act;
  } catch (error) {
    if (error instanceof Error && error.name === "Lost") throw new Error(t("error.offline"));
    if (error instanceof TooLarge) throw new Error(t("error.tooLong"));
    if (!(error instanceof StanzaError)) throw error;
    throw new Error(own[error.condition] ?? refused(error.condition));
  }
}
