import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import type { Chat, Presence } from "../../state/model.ts";
import { usePicture } from "../context.ts";
import { colours } from "../text/colour.ts";
import { firstLetter } from "../../i18n/letters.ts";
import { Icon } from "./Icon.tsx";

/** The first letter of a name as people see it: an emoji or a letter with its accents is one. */
export function initial(name: string): string {
  return firstLetter(name.trim()).toLocaleUpperCase();
}

/** A person's or group's picture, or its letter on its colour. */
export function Avatar(props: {
  /** Whose; the colour comes from it. */
  address: string;
  name: string;
  picture?: string | undefined;
  size?: number;
  presence?: Presence | undefined;
  group?: boolean;
}): JSX.Element {
  const { size = 52 } = props;
  const url = usePicture(props.picture);
  const letter = initial(props.name);
  const shown = props.presence && props.presence !== "offline" ? props.presence : undefined;
  return (
    <span
      class="avatar"
      style={{
        width: `${size}px`,
        height: `${size}px`,
        fontSize: `${Math.round(size * 0.37)}px`,
        borderRadius: `${Math.round(size * 0.34)}px`,
        background: url ? "none" : colours(props.address).ground,
      }}
    >
      {url ? (
        <img src={url} alt="" width={size} height={size} decoding="async" />
      ) : letter ? (
        <span aria-hidden="true">{letter}</span>
      ) : (
        <Icon name={props.group ? "group" : "person"} size={size * 0.5} />
      )}
      {shown && (
        <i class={shown}>
          <span class="unseen">{t(`presence.${shown}`)}</span>
        </i>
      )}
    </span>
  );
}

/** The picture of a chat: of the person, or of the group. */
export function ChatAvatar(props: {
  chat: Chat;
  size?: number;
  presence?: Presence | undefined;
}): JSX.Element {
  const { chat, ...look } = props;
  return (
    <Avatar
      {...look}
      address={chat.id}
      name={chat.name}
      picture={chat.picture}
      group={chat.kind === "group"}
    />
  );
}
