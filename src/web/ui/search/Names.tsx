import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import type { Address, Chat, Person } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { matches, withoutChat } from "../shell/people.ts";
import { useWay } from "../shell/way.ts";
import { Avatar, Row, Section } from "../parts/index.ts";
import { tell } from "../shell/passing.ts";
import { Marked } from "./Marked.tsx";

/** Of each kind. */
const few = 5;

export interface Named {
  chats: readonly Chat[];
  /** With whom there is no chat yet. */
  people: readonly Person[];
}

/** Chats and people that are called so. */
export function useNamed(text: string): Named {
  const client = useClient();
  if (!text) return { chats: [], people: [] };
  const all = client.chats.value;
  const people = withoutChat(client.people.value.values(), all);
  return {
    chats: all.filter((one) => matches(text, one.name, one.id)).slice(0, few),
    people: people.filter((one) => matches(text, one.name, one.address)).slice(0, few),
  };
}

export function Names({ named, text }: { named: Named; text: string }): JSX.Element {
  const client = useClient();
  const way = useWay();
  const row = (address: Address, one: Chat | Person, open: () => void) => (
    <Row
      key={address}
      before={
        <Avatar
          address={address}
          name={one.name}
          picture={one.picture}
          size={40}
          group={"kind" in one && one.kind === "group"}
        />
      }
      title={<Marked text={one.name} query={text} />}
      onClick={open}
    />
  );
  return (
    <>
      {named.chats.length > 0 && (
        <Section title={t("find.chats")}>
          {named.chats.map((one) =>
            row(one.id, one, () => {
              way.chat(one.id);
            }),
          )}
        </Section>
      )}
      {named.people.length > 0 && (
        <Section title={t("find.people")}>
          {named.people.map((one) =>
            row(one.address, one, () => {
              tell(client.do.chat(one.address).then(way.chat));
            }),
          )}
        </Section>
      )}
    </>
  );
}
