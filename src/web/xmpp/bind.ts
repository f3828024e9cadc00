import { NS } from "./ns.ts";
import { x, type Element } from "./xml.ts";

/** Whether somebody looks at the screen (XEP-0352). */
export function indication(active: boolean): Element {
  return x(active ? "active" : "inactive", { xmlns: NS.csi });
}

/** A new session with all that it needs, in the same step (XEP-0386 §3.1). */
export function bind(tag: string | undefined, active: boolean): Element {
  return x(
    "bind",
    { xmlns: NS.bind2 },
    tag && x("tag", {}, tag),
    x("enable", { xmlns: NS.carbons }),
    x("enable", { xmlns: NS.sm, resume: "true" }),
    indication(active),
  );
}

export interface Entered {
  /** `<resumed/>`: the session goes on. */
  resumed: Element | undefined;
  /** `<bound/>`: a new one. */
  bound: Element | undefined;
  address: string;
  /** How much of what was sent in the session before has arrived, if the server knows. */
  handled: string | undefined;
}

/** What a `<success/>` says of the session. */
export function entered(success: Element): Entered {
  return {
    resumed: success.getChild("resumed", NS.sm),
    bound: success.getChild("bound", NS.bind2),
    address: success.getChildText("authorization-identifier") ?? "",
    handled: success.getChild("failed", NS.sm)?.attrs["h"],
  };
}
