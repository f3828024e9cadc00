import { lazy } from "../parts/lazy.tsx";

/** What the first look at a chat does without. */
export const EmojiPopup = lazy(() => import("../composer/EmojiPopup.tsx").then((made) => made.EmojiPopup));
export const MediaViewer = lazy(() => import("../media/Viewer.tsx").then((made) => made.Viewer));
export const SendSheet = lazy(() => import("../composer/SendSheet.tsx").then((made) => made.SendSheet));
export const Recorder = lazy(() => import("../composer/Recorder.tsx").then((made) => made.Recorder));
