import type { common as english } from "../en/common.ts";
import type { Same } from "../same.ts";

export const common: Same<typeof english> = {
  "app.name": "Kith",
  "do.back": "Zurück",
  "do.cancel": "Abbrechen",
  "do.close": "Schließen",
  "do.done": "Fertig",
  "do.more": "Mehr",
  "do.ok": "OK",
  "do.retry": "Noch einmal versuchen",
  "do.save": "Speichern",
  "do.send": "Senden",
  "do.show": "Anzeigen",
  "do.hide": "Verbergen",
  "do.clear": "Leeren",
  "state.loading": "Wird geladen …",
  "time.now": "gerade eben",
  "time.today": "Heute",
  "time.yesterday": "Gestern",
  "presence.online": "Online",
  "presence.away": "Abwesend",
  "presence.busy": "Beschäftigt",
  "presence.offline": "Nicht online",
  "who.you": "Du",
  "who.self": "du",
};
