import { x, type Element } from "../xmpp/xml.ts";
import type { Asker } from "./asker.ts";
import { fields } from "./forms.ts";
import { N } from "./ns.ts";
import { items, publish } from "./pubsub.ts";

const own = (stream: Asker): string => stream.address.split("/")[0]!;
const local = (stream: Asker): string => own(stream).split("@")[0]!;
export const domain = (stream: Asker): string => own(stream).split("@")[1]!;

/** XEP-0077 section 3.3. */
export async function changePassword(stream: Asker, password: string): Promise<void> {
  const query = x(
    "query",
    { xmlns: N.register },
    x("username", {}, local(stream)),
    x("password", {}, password),
  );
  await stream.request(x("iq", { type: "set", to: domain(stream) }, query));
}

export async function nick(stream: Asker, owner?: string): Promise<string | undefined> {
  const [item] = await items(stream, N.nick, { ...(owner && { owner }), max: 1 });
  return item?.payload?.getText() || undefined;
}

export const setNick = (stream: Asker, name: string): Promise<void> =>
  publish(stream, N.nick, "current", x("nick", { xmlns: N.nick }, name), { access: "open" });

export async function blocked(stream: Asker): Promise<string[]> {
  const list = (
    await stream.request(x("iq", { type: "get" }, x("blocklist", { xmlns: N.blocking })))
  ).getChild("blocklist", N.blocking);
  return list ? addresses(list) : [];
}

export const addresses = (list: Element): string[] =>
  list.getChildren("item").flatMap((item) => item.attrs.jid ?? []);

/** Blocks (XEP-0191); with a report to the admins of the home (XEP-0377) when a reason is given. */
export async function block(
  stream: Asker,
  address: string,
  on: boolean,
  report?: { spam: boolean; text?: string },
): Promise<void> {
  const reason = report?.spam ? "urn:xmpp:reporting:spam" : "urn:xmpp:reporting:abuse";
  const told =
    report &&
    x("report", { xmlns: N.reporting, reason }, report.text ? x("text", {}, report.text) : undefined);
  const item = x("item", { jid: address }, told);
  await stream.request(x("iq", { type: "set" }, x(on ? "block" : "unblock", { xmlns: N.blocking }, item)));
}

/** Whether the box offers this account the command below (XEP-0050 section 3.1): it does so to whom it lets make groups, too. */
export async function mayInvite(stream: Asker): Promise<boolean> {
  const ask = x("query", { xmlns: N.discoItems, node: N.commands });
  const answer = await stream.request(x("iq", { type: "get", to: domain(stream) }, ask));
  const items = answer.getChild("query", N.discoItems)?.getChildren("item") ?? [];
  return items.some(({ attrs }) => attrs.node === N.invite);
}

/** A link for somebody new (XEP-0401), by the account's own command. */
export async function invite(stream: Asker): Promise<{ link: string; uri: string; expires?: number }> {
  const ask = x("command", { xmlns: N.commands, node: N.invite, action: "execute" });
  const answer = (await stream.request(x("iq", { type: "set", to: domain(stream) }, ask))).getChild(
    "command",
    N.commands,
  );
  const form = fields(answer);
  const link = form.get("landing-url") ?? "";
  const uri = form.get("uri") ?? "";
  const expires = Date.parse(form.get("expire") ?? "");
  if (!link && !uri) throw new Error("no invite");
  return { link: link || uri, uri, ...(expires && { expires }) };
}

/** The server's clock less ours, in milliseconds (XEP-0202). */
export async function clockOffset(stream: Asker): Promise<number> {
  const before = Date.now();
  const time = (
    await stream.request(x("iq", { type: "get", to: domain(stream) }, x("time", { xmlns: N.time })))
  ).getChild("time", N.time);
  const utc = Date.parse(time?.getChildText("utc") ?? "");
  return utc ? utc - (before + Date.now()) / 2 : 0;
}
