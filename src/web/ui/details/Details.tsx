import "../dialogs/texts.ts";
import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import type { Chat } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { Pane } from "../page/index.ts";
import type { PageProps } from "../shell/way.ts";
import { Empty } from "../parts/index.ts";
import { AddMembers } from "./AddMembers.tsx";
import { GroupDetails } from "./GroupDetails.tsx";
import { GroupLink } from "./GroupLink.tsx";
import { Keys } from "./Keys.tsx";
import { PersonDetails } from "./PersonDetails.tsx";
import { Verify } from "./Verify.tsx";
import "./details.css";

/** `details/ADDRESS`, and inside of it `keys`, `verify`, `code`, `add`, `link`. */
export function Details({ rest }: PageProps): JSX.Element {
  const client = useClient();
  const [address = "", step] = rest;
  const chat = client.chats.value.find((one) => one.id === address);
  const known = chat ?? client.people.value.get(address);
  if (!address.includes("@") || (chat?.kind === "group" && !chat.group))
    return (
      <Pane title={t("chat.details")} page="none" first>
        <Empty icon="info" title={t("details.gone")} />
      </Pane>
    );
  const name = known?.name ?? address;
  if (chat?.group) return <Group chat={chat} step={step} />;
  if (step === "keys") return <Keys key={address} address={address} name={name} />;
  if (step === "verify" || step === "code")
    return <Verify key={address} address={address} name={name} show={step === "code"} />;
  return <PersonDetails key={address} address={address} name={name} chat={chat} />;
}

function Group({ chat, step }: { chat: Chat; step: string | undefined }): JSX.Element {
  if (step === "add") return <AddMembers key={chat.id} chat={chat} />;
  if (step === "link") return <GroupLink key={chat.id} chat={chat} />;
  return <GroupDetails key={chat.id} chat={chat} />;
}
