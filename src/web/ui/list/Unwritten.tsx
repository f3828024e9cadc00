import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import type { Person } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { Avatar } from "../parts/index.ts";
import { href } from "../shell/route.ts";

export function Unwritten({ people }: { people: readonly Person[] }): JSX.Element {
  const presence = useClient().presence.value;
  return (
    <section aria-labelledby="unwritten">
      <h2 id="unwritten" class="list-shelf">
        {t("list.unwritten")}
      </h2>
      <ul>
        {people.map((one) => (
          <li key={one.address}>
            <a class="chat-row" href={href("chat", one.address)}>
              <Avatar
                address={one.address}
                name={one.name}
                picture={one.picture}
                presence={presence.get(one.address)}
              />
              <b class="cut" dir="auto">
                {one.name}
              </b>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
