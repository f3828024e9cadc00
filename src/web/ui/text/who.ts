import { t } from "../../i18n/index.ts";
import { list } from "../../i18n/times.ts";
import type { Reaction } from "../../state/model.ts";

/** Who said something, as it stands where others' names do: oneself is "You". */
export const speaker = ({ own, who }: { own?: boolean; who: string }): string => (own ? t("who.you") : who);

/** All who feel the same about a message. */
export const feeling = ({ own, who }: Reaction): string =>
  list(who.map((name, i) => speaker({ own: own && i === 0, who: name })));
