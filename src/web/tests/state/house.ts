import { afterAll, afterEach, beforeAll } from "vitest";
import { Kith } from "../xmpp/kith.ts";
import { PASSWORD, Person } from "./person.ts";

/** A home of the program that KITH names, for the tests of one `describe`; who was let in leaves after each of them. */
export function house(...names: string[]) {
  let kith: Kith;
  const people: Person[] = [];
  beforeAll(async () => {
    kith = await Kith.start();
    await Promise.all(names.map((name) => kith.addUser(name, PASSWORD)));
  }, 60_000);
  afterEach(async () => {
    await Promise.all(people.splice(0).map((person) => person.stop()));
  });
  afterAll(() => kith.stop());

  return async (name: string, own = false, store?: Person["store"]): Promise<Person> => {
    const one = new Person(kith, name, store, own);
    people.push(one);
    return one.start();
  };
}
