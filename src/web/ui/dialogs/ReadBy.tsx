import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import type { Message, Reader } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { Avatar, Row, Section } from "../parts/index.ts";
import { useLoaded } from "../page/act.ts";

/** Who of a group has read one's own message, and who has not yet. */
export function ReadBy({ message }: { message: Message }): JSX.Element | null {
  const client = useClient();
  const asked = useLoaded<readonly Reader[]>(
    () => (message.own ? client.do.readers(message.id) : Promise.resolve([])),
    [message.id, message.state],
  );
  const all = asked.value ?? [];
  if (all.length === 0) return null;
  return (
    <>
      <Readers title={t("info.readBy")} list={all.filter((one) => one.read)} />
      <Readers title={t("info.notYet")} list={all.filter((one) => !one.read)} />
    </>
  );
}

function Readers({ title, list }: { title: string; list: readonly Reader[] }): JSX.Element | null {
  const people = useClient().people.value;
  if (list.length === 0) return null;
  return (
    <Section title={title}>
      {list.map(({ address, name }) => (
        <Row
          key={address}
          before={<Avatar address={address} name={name} picture={people.get(address)?.picture} size={40} />}
          title={<bdi>{name}</bdi>}
        />
      ))}
    </Section>
  );
}
