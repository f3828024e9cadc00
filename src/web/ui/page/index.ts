export { ChatPicker } from "./ChatPicker.tsx";
export { CopyButton, CopyRow, LinkBox, ShareButton } from "./Copy.tsx";
export { PageSheet, Pane } from "./Page.tsx";
export { PeoplePicker } from "./PeoplePicker.tsx";
export { Problem } from "./Problem.tsx";
export { Qr } from "./Qr.tsx";
