import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Address } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { Avatar, Empty, Row, SearchField, Section } from "../parts/index.ts";
import { canWrite, matches, withoutChat } from "../shell/people.ts";

/** More than these are no longer seen at a glance. */
const SCREEN = 8;

interface One {
  address: Address;
  name: string;
  picture?: string | undefined;
  group?: boolean;
}

/** Where something can be sent to: the chats as the list has them, then who has none yet; one of them, or several (`chosen`). */
export function ChatPicker(props: {
  chosen?: readonly Address[];
  onPick: (one: Address) => void;
}): JSX.Element {
  const client = useClient();
  const [text, setText] = useState("");
  const all = client.chats.value;
  const chats = all.filter(canWrite).map(({ id, name, picture, kind }): One => {
    return { address: id, name, picture, group: kind === "group" };
  });
  const people = withoutChat(client.people.value.values(), all);
  const fits = ({ name, address }: One) => matches(text, name, address);
  const [found, others] = [chats.filter(fits), people.filter(fits)];
  const row = ({ address, name, picture, group }: One) => (
    <Row
      key={address}
      before={<Avatar address={address} name={name} picture={picture} size={44} group={group ?? false} />}
      title={<bdi>{name}</bdi>}
      {...(props.chosen && { checked: props.chosen.includes(address) })}
      onClick={() => {
        props.onPick(address);
      }}
    />
  );
  return (
    <>
      {chats.length + people.length > SCREEN && (
        <div class="stick">
          <SearchField label={t("forward.filter")} value={text} onInput={setText} />
        </div>
      )}
      {found.map(row)}
      {others.length > 0 && <Section title={t("new.contacts")}>{others.map(row)}</Section>}
      {!found.length && !others.length && <Empty icon="chat" title={t("forward.none")} />}
    </>
  );
}
