import type { Address, Person, Presence } from "../../state/model.ts";

export const home = "kith.example";

/** Sunday, 14 June 2026, 15:45 where the test runs. */
export const now = new Date(2026, 5, 14, 15, 45).getTime();

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

function person(name: string, address: string, more: Partial<Person> = {}): Person {
  return { address, name, circles: ["Family"], contact: "mutual", blocked: false, ...more };
}

export const people: readonly Person[] = [
  person("Ben", `ben@${home}`, { picture: "ben" }),
  person("Mia", `mia@${home}`, { picture: "mia" }),
  person("Oma", `oma@${home}`),
  person("Opa Heinrich", `opa@${home}`),
  person("Jonas", `jonas@${home}`, { circles: ["Family", "Football"] }),
  person("Tante Friederike-Charlotte von Hohenstein-Schwarzenberg", `friederike@${home}`),
  person("نور الدين", `nour@${home}`),
  person("דנה", `dana@other.example`, { circles: [], contact: "mutual" }),
  person("Tom", "tom@other.example", { circles: [], contact: "mutual" }),
  person("Lea", "lea@other.example", { circles: [], contact: "asked" }),
  person("Greta", "greta@elsewhere.example", { circles: [], contact: "asks" }),
  person("Cheap Pills", "offers@spam.example", { circles: [], contact: "none", blocked: true }),
];

export const presences: ReadonlyMap<Address, Presence> = new Map<Address, Presence>([
  [`ben@${home}`, "online"],
  [`mia@${home}`, "online"],
  [`oma@${home}`, "away"],
  ["tom@other.example", "busy"],
]);
