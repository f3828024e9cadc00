import { expect, it } from "vitest";
import { TooLarge } from "../../xmpp/errors.ts";
import { NS } from "../../xmpp/ns.ts";
import { x } from "../../xmpp/xml.ts";
import { bodies, connection, eventually, message, online, server, until } from "./connected.ts";

it("sends nothing that the server would end the stream for (XEP-0478)", async () => {
  await online();
  const limits = x("limits", { xmlns: NS.limits }, x("max-bytes", {}, "1000"));
  server.wires[0]!.say(x("stream:features", { "xmlns:stream": NS.stream }, limits));
  await until(() => connection.serverFeatures?.getChild("limits", NS.limits) !== undefined);
  await expect(connection.send(message("ä".repeat(500)))).rejects.toThrow(TooLarge);
  await expect(connection.request(x("iq", { type: "set" }, message("ä".repeat(500))))).rejects.toThrow(
    TooLarge,
  );
  const fits = connection.send(message("a".repeat(500)));
  await eventually(() => server.received.length > 0);
  await fits;
  expect(bodies()).toEqual(["a".repeat(500)]);
});
