import "./parts.css";

export { Avatar, ChatAvatar } from "./Avatar.tsx";
export { Button, IconButton, LinkButton } from "./Button.tsx";
export { Chips, Tabs } from "./Chips.tsx";
export { Empty } from "./Empty.tsx";
export { Field, SearchField } from "./Field.tsx";
export { FileInput } from "./FileInput.tsx";
export { Icon, iconNames, type IconName } from "./Icon.tsx";
export { Menu, type MenuItem, type Place } from "./Menu.tsx";
export { usePress } from "./press.ts";
export { steady } from "./steady.tsx";
export { Row, Section } from "./Row.tsx";
export { Confirm, Sheet } from "./Sheet.tsx";
export { Skeleton, Spinner } from "./Spinner.tsx";
export { Choice, Switch } from "./Switch.tsx";
export { Toasts, type Said } from "./Toasts.tsx";
