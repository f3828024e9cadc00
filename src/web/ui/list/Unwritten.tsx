import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import type { Address, Person } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { Avatar } from "../parts/index.ts";
import { tell } from "../shell/passing.ts";
import { go, href } from "../shell/route.ts";

export function Unwritten({ people }: { people: readonly Person[] }): JSX.Element {
  const { presence, do: commands } = useClient();
  const open = async (address: Address) => {
    go(href("chat", await commands.chat(address)));
  };
  return (
    <section aria-labelledby="unwritten">
      <h2 id="unwritten" class="list-shelf">
        {t("list.unwritten")}
      </h2>
      <ul>
        {people.map((one) => (
          <li key={one.address}>
            <button
              type="button"
              class="chat-row"
              onClick={() => {
                tell(open(one.address));
              }}
            >
              <Avatar
                address={one.address}
                name={one.name}
                picture={one.picture}
                presence={presence.value.get(one.address)}
              />
              <b class="cut" dir="auto">
                {one.name}
              </b>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
