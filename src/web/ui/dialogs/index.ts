import type { Dialog } from "../shell/dialog.ts";

/** Everything around a chat, by the page's name; loaded when it is first opened. */
export const dialogs: Readonly<Record<string, Dialog>> = {};
