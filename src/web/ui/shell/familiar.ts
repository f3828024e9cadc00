import type { Person } from "../../state/model.ts";

/** No stranger: of one of one's circles, a contact, or asked to be one. */
export function familiar(person: Person | undefined): boolean {
  if (!person || person.blocked) return false;
  return person.circles.length > 0 || person.contact === "mutual" || person.contact === "asked";
}
