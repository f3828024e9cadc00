import type { composer as english } from "../en/composer.ts";
import type { Same } from "../same.ts";

export const composer: Same<typeof english> = {
  "composer.to": "Nachricht an {name}",
  "composer.message": "Nachricht",
  "composer.editing": "Nachricht bearbeiten",
  "composer.emoji": "Emoji",
  "composer.attach": "Foto oder Datei senden",
  "composer.photo": "Foto oder Video",
  "composer.camera": "Kamera",
  "composer.file": "Datei",
  "composer.speak": "Sprachnachricht aufnehmen",
  "composer.people": "Wer in der Gruppe ist",

  "send.title": "An {name} senden",
  "send.chosen": "Ausgewählt",
  "send.add": "Mehr hinzufügen",
  "send.remove": "Dieses weglassen",
  "send.caption": "Bildunterschrift",
  "send.count": "{count} senden",
  "send.untouched": "Als Datei senden",
  "send.untouchedHint": "In voller Größe, mit Ort und Zeit, die die Kamera hineingeschrieben hat",

  "voice.denied": "Das Mikrofon ist nicht nutzbar. Erlaube es in den Einstellungen des Browsers.",
  "voice.discard": "Aufnahme verwerfen",
  "voice.slide": "Zum Verwerfen wischen",
  "voice.stop": "Anhalten und anhören",

  "emoji.search": "Emoji suchen",
  "emoji.none": "Kein Emoji gefunden.",
  "emoji.recent": "Zuletzt benutzt",
  "emoji.tone": "Hautton",
  "emoji.faces": "Gesichter",
  "emoji.people": "Menschen und Gesten",
  "emoji.hearts": "Herzen und Zeichen",
  "emoji.nature": "Tiere und Natur",
  "emoji.food": "Essen und Trinken",
  "emoji.doing": "Sport und Feste",
  "emoji.places": "Reisen und Orte",
  "emoji.things": "Dinge",
};
