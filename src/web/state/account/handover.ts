import { FAST_MECHANISM, type FastToken } from "../../xmpp/fast.ts";
import type { Device } from "../../xmpp/connection.ts";
import { newDevice } from "./device.ts";
import type { Address } from "../model.ts";

/** Who is signed in from the start, because a page of the box made or recovered the account in this browser. */
export interface HandOver {
  address: Address;
  token: FastToken;
  device: Device;
}

/** Where those pages lead to; nowhere else anything is asked. */
const start = "#first";

/**
 * To be called once at the start, with the id of this device where somebody is or was signed in here: the first token of this browser, on the box's word that it
 * chose the account's password minutes ago. Undefined on any other start, and where there is nothing (any more) to take:
 * then the password is typed. The address bar is tidied either way.
 */
export async function takeHandover(known?: string): Promise<HandOver | undefined> {
  if (location.hash !== start) return undefined;
  history.replaceState(history.state, "", "/");
  const device = { ...newDevice(), ...(known !== undefined && { id: known }) };
  const response = await fetch("/api/session/first", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(device),
  }).catch((fault: unknown) => {
    if (fault instanceof TypeError) return undefined;
    throw fault;
  });
  if (!response?.ok) return undefined;
  const { address, ...token } = (await response.json()) as { address: Address } & FastToken;
  return token.mechanism === FAST_MECHANISM ? { address, token, device } : undefined;
}
