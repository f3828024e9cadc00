import type { FastToken } from "../xmpp/fast.ts";

/** Who is signed in in this browser: in the store, beside what it keeps. */
export interface Account {
  id: "account";
  address: string;
  device: string;
  token?: FastToken;
}
