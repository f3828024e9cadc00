import type { ComponentType } from "preact";
import { requestBar, sheets, type MessageSheet } from "../dialogs/index.ts";
import { lazy } from "../parts/lazy.tsx";
import type { SheetName } from "./MessageMenu.tsx";

/** What the first look at a chat does without. */
export const EmojiPopup = lazy(() => import("../composer/EmojiPopup.tsx").then((made) => made.EmojiPopup));
export const MediaViewer = lazy(() => import("../media/Viewer.tsx").then((made) => made.Viewer));
export const ChosenBar = lazy(() => import("./ChosenBar.tsx").then((made) => made.ChosenBar));
export const SendSheet = lazy(() => import("../composer/SendSheet.tsx").then((made) => made.SendSheet));
export const Recorder = lazy(() => import("../composer/Recorder.tsx").then((made) => made.Recorder));

type SheetOf = ComponentType<MessageSheet>;
const made = new Map<SheetName, SheetOf>();

/** One of the sheets of a message. */
export function messageSheet(name: SheetName): SheetOf | undefined {
  const load = (sheets as Partial<Record<SheetName, () => Promise<SheetOf>>>)[name];
  if (load && !made.has(name)) made.set(name, lazy(load));
  return made.get(name);
}

export const RequestBar = requestBar && lazy(requestBar);
