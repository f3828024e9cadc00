import type { Version } from "../../omemo/index.ts";
import type { Element } from "../../xmpp/xml.ts";
import { World, type Device } from "./world.ts";

/** Three people of a family; their devices are made as they are needed. */
export const [mia, ben, ida] = ["mia@kith.example", "ben@kith.example", "ida@kith.example"];
export const minute = 60_000;
export const day = 24 * 60 * minute;

export const header = (message: Element): Element => message.getChild("encrypted")!.getChild("header")!;
export const isExchange = (message: Element): boolean =>
  header(message)
    .getChildren("key")
    .some(({ attrs }) => attrs["prekey"] === "true");

/** Leaves a device on the list of that version alone, as apps publish that know only it. */
export function speaksOnly(world: World, device: Device, version: Version): void {
  const other = version === "axolotl" ? "omemo2" : "axolotl";
  const list = world.lists.get(`${device.jid}/${other}`)!;
  list.remove(list.getChildByAttr("id", String(device.omemo.device))!);
}

export async function two() {
  const world = new World();
  const [a, b] = [await world.device(mia), await world.device(ben)];
  return { world, a, b };
}

/** Two devices of which both have written. */
export async function acquainted() {
  const { world, a, b } = await two();
  await b.read(await a.say(ben, "hello"), mia);
  await world.deliver();
  return { world, a, b };
}
