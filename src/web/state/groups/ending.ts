import { t } from "../../i18n/index.ts";
import { untold } from "../../xmpp/away.ts";
import type { StanzaError } from "../../xmpp/errors.ts";
import type { RoomPresence } from "../../proto/muc.ts";
import { undelivered } from "../core/refusals.ts";

/** How it ended that we are in a group, or why it did not begin. */
export interface Ending {
  /** For a person to read. */
  text: string;
  /** For good: the group is no more, and who enters would make a new one of its name. */
  over: boolean;
  /** Nobody wants us out: worth another try by itself. */
  passing: boolean;
}

/** What the room says with the presence that takes us out (XEP-0045 sections 8.2, 9.1, 9.4, 10.9, 15.6.2). */
export function ending({ codes, destroyed, reason, by }: RoomPresence): Ending {
  // 332: its server goes down; 333: it could not reach us.
  const fault = codes.has("332") || codes.has("333");
  const put = [...codes].some((code) => ["301", "307", "321", "322"].includes(code));
  const text = destroyed ? t("group.destroyed") : fault ? t("error.unreachable") : outText(codes, by);
  return {
    text: reason && (destroyed || put) ? `${text} (${reason})` : text,
    over: destroyed,
    passing: !destroyed && (fault || !put),
  };
}

function outText(codes: ReadonlySet<string>, by: string | undefined): string {
  if (codes.has("301")) return by ? t("group.bannedBy", { who: by }) : t("group.banned");
  if (codes.has("307")) return by ? t("group.kickedBy", { who: by }) : t("group.kicked");
  if (codes.has("321")) return by ? t("group.kickedBy", { who: by }) : t("group.removed");
  return codes.has("322") ? t("group.nowClosed") : t("group.left");
}

/** Why a room did not let us in (XEP-0045 section 7.2). */
export function refusal(error: StanzaError): Ending {
  return { text: refusalText(error.condition), over: false, passing: untold(error) };
}

function refusalText(condition: string): string {
  switch (condition) {
    case "registration-required":
      return t("group.membersOnly");
    case "not-authorized":
      return t("group.password");
    case "forbidden":
      return t("group.banned");
    case "service-unavailable":
      return t("group.full");
    case "item-not-found":
    case "gone":
      return t("group.gone");
    default:
      return undelivered(condition);
  }
}
