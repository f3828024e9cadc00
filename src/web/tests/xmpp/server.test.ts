import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NS } from "../../xmpp/ns.ts";
import { x } from "../../xmpp/xml.ts";
import { Client, DOMAIN, Kith, program } from "./kith.ts";

const PASSWORD = "a long walk by the sea";

describe.skipIf(!program)("against the program that KITH names", () => {
  let kith: Kith;

  beforeAll(async () => {
    kith = await Kith.start();
    await Promise.all([kith.addUser("anna", PASSWORD), kith.addUser("ben", PASSWORD)]);
  }, 60_000);

  afterAll(() => kith.stop());

  it("signs in by password and gets a token", async () => {
    const anna = await new Client(kith, "anna", { password: PASSWORD }).online();
    const answer = await anna.connection.request(
      x("iq", { type: "get", to: DOMAIN }, x("query", { xmlns: NS.discoInfo })),
    );
    expect(answer.getChild("query", NS.discoInfo)?.getChildren("feature")).not.toHaveLength(0);
    expect(anna.connection.address).toMatch(new RegExp(`^anna@${DOMAIN}/Kith Web/.`));
    expect(anna.tokens).toHaveLength(1);
    await anna.connection.stop();
    expect(anna.log).toEqual(["connecting", "online", "stopped"]);
  });
});
