import type { Device } from "../../xmpp/connection.ts";

const browsers: [RegExp, string][] = [
  [/\bEdg/, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\bFirefox\/|\bFxiOS\//, "Firefox"],
  [/\bChrome\/|\bCriOS\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];

const systems: [RegExp, string][] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bCrOS\b/, "Chromebook"],
  [/\bWindows\b/, "Windows"],
  [/\bMacintosh\b/, "Mac"],
  [/\bLinux\b/, "Linux"],
];

/** What a person would call the browser, for the list of devices: "Firefox, Android". */
export function nameOf(agent: string): string {
  const found = [browsers, systems].map((names) => names.find(([sign]) => sign.test(agent))?.[1]);
  return found.filter((name) => name !== undefined).join(", ") || "Browser";
}

/** This browser, with an id that is new: to be kept with the account. */
export function newDevice(): Device {
  return { id: crypto.randomUUID(), software: "Kith", name: nameOf(navigator.userAgent) };
}
