import { t } from "../i18n/index.ts";
import { say } from "../proto/say.ts";
import type { ChatRow } from "../store/records.ts";
import type { Encryption } from "./encryption.ts";

/** Without keys of its own: a browser that is nobody's own device. It writes in the open, and reads nothing encrypted. */
export class Plain implements Encryption {
  start = () => Promise.resolve();
  stop = () => Promise.resolve();
  event = () => undefined;
  lock = () => ({ lock: "off" as const, lockable: false });
  wanted = () => false;
  seal = (chat: ChatRow, content: Parameters<Encryption["seal"]>[1], id: string) =>
    Promise.resolve(say(content, { to: chat.id, group: chat.kind === "group", id }));
  open = () => Promise.resolve({ kind: "unreadable" as const, text: t("notice.notOwn") });
  keys = () => Promise.resolve([]);
  trust = () => Promise.resolve();
  verify = () => Promise.reject(new Error(t("notice.notOwn")));
  code = () => Promise.reject(new Error(t("notice.notOwn")));
}
