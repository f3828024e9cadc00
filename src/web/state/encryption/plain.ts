import { t } from "../../i18n/index.ts";
import type { Store, Write } from "../../store/store.ts";
import type { Letter, Opened } from "../messages/letter.ts";
import type { Encryption } from "./encryption.ts";

/** Without keys of its own: a browser that is nobody's own device. It writes in the open, and reads nothing encrypted. */
export class Plain implements Encryption {
  constructor(private readonly store: Store) {}

  start = () => Promise.resolve();
  readable = () => Promise.resolve();
  caughtUp = () => undefined;
  event = () => undefined;
  lock = () => ({ lock: "off" as const, lockable: "notOwn" as const });
  wanted = () => false;
  decide = () => Promise.resolve(false);
  seal = () => Promise.reject(new Error(t("notice.notOwn")));
  open = async (_letter: Letter, then: (opened: Opened) => Promise<Write[]>) =>
    this.store.write(await then({ kind: "unreadable", text: t("notice.notOwn") }));
  keys = () => Promise.resolve([]);
  trust = () => Promise.resolve();
  verify = () => Promise.reject(new Error(t("notice.notOwn")));
  code = () => Promise.reject(new Error(t("notice.notOwn")));
}
