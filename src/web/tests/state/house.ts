import { afterAll, afterEach, beforeAll } from "vitest";
import { Kith } from "../xmpp/kith.ts";
import { PASSWORD, Person } from "./person.ts";

/**
 * A home of the program that KITH names, for the tests of one `describe`, with a family, others who are strangers to each other, and
 * guests of the family; who was let in leaves after each of them.
 */
export function house(family: string[], others: string[] = [], guests: string[] = []) {
  let kith: Kith;
  const people: Person[] = [];
  beforeAll(async () => {
    kith = await Kith.start();
    await Promise.all([
      ...family.map((name) => kith.addUser(name, PASSWORD)),
      ...others.map((name) => kith.addUser(name, PASSWORD, "--circle", "")),
      ...guests.map((name) => kith.addUser(name, PASSWORD, "--role", "guest", "--expires", "7d")),
    ]);
  }, 60_000);
  afterEach(async () => {
    await Promise.all(people.splice(0).map((person) => person.stop()));
  });
  afterAll(() => kith.stop());

  const enter = async (name: string, own = false, store?: Person["store"]): Promise<Person> => {
    const one = new Person(kith, name, store, own);
    people.push(one);
    return one.start();
  };
  return Object.assign(enter, {
    /** Somebody new in the family. */
    add: (name: string) => kith.addUser(name, PASSWORD),
  });
}
