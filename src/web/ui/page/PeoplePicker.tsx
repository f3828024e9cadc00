import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Address } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { Avatar, Empty, Icon, Row, SearchField } from "../parts/index.ts";
import { readTyped, serverOf } from "./links.ts";
import { familiarOnes, matches, nameOf } from "../shell/people.ts";

/** Chooses several people: from those one knows, or by a typed address. */
export function PeoplePicker(props: {
  chosen: readonly Address[];
  onChange: (chosen: Address[]) => void;
  /** Who is not offered: those who are in it already. */
  without?: ReadonlySet<Address>;
}): JSX.Element {
  const client = useClient();
  const [text, setText] = useState("");
  const { chosen } = props;
  const me = client.me.value.address;
  const offered = familiarOnes(client.people.value.values()).filter(
    (one) => !props.without?.has(one.address),
  );
  const found = offered.filter((one) => matches(text, one.name, one.address));
  const typed = text.trim() ? readTyped(text, serverOf(me), location.host) : undefined;
  const address = typed?.kind === "address" ? typed.address : undefined;
  const fresh =
    address !== undefined &&
    address !== me &&
    !chosen.includes(address) &&
    !props.without?.has(address) &&
    !found.some((one) => one.address === address);
  const toggle = (one: Address) => {
    props.onChange(chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one]);
  };
  return (
    <>
      <div class="stick">
        <SearchField label={t("new.filter")} value={text} onInput={setText} />
        {chosen.length > 0 && <Chosen chosen={chosen} onRemove={toggle} />}
      </div>
      {fresh && (
        <Row
          icon="person-add"
          title={address}
          text={t("newgroup.addTyped")}
          onClick={() => {
            toggle(address);
            setText("");
          }}
        />
      )}
      {found.map((one) => (
        <Row
          key={one.address}
          before={<Avatar address={one.address} name={one.name} picture={one.picture} size={44} />}
          title={<bdi>{one.name}</bdi>}
          text={one.address}
          checked={chosen.includes(one.address)}
          onClick={() => {
            toggle(one.address);
          }}
        />
      ))}
      {!found.length && !fresh && <Empty icon="person" title={t("new.nobody")} text={t("new.nobodyText")} />}
    </>
  );
}

function Chosen(props: { chosen: readonly Address[]; onRemove: (one: Address) => void }): JSX.Element {
  const client = useClient();
  return (
    <ul class="chosen" aria-label={t("newgroup.chosen")}>
      {props.chosen.map((one) => {
        const name = nameOf(client, one);
        return (
          <li key={one}>
            <button
              type="button"
              onClick={() => {
                props.onRemove(one);
              }}
            >
              <Avatar address={one} name={name} picture={client.people.value.get(one)?.picture} size={28} />
              <bdi class="cut">{name}</bdi>
              <span class="unseen">{t("newgroup.unchoose")}</span>
              <Icon name="close" size={16} />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
