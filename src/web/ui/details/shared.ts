import type { Client } from "../../state/client.ts";
import type { Address, Chat } from "../../state/model.ts";

/** Enough for a page; a person in more groups than these is in the first of them. */
const most = 40;

/** The groups that one is in together with a person, as the list has them. Groups that do not say who is in them are left out. */
export async function sharedGroups(client: Client, address: Address): Promise<Chat[]> {
  const groups = client.chats
    .peek()
    .filter((chat) => chat.group?.joined === "in" && chat.group.closed)
    .slice(0, most);
  const inside = await Promise.all(
    groups.map((group) =>
      client.do.members(group.id).then(
        (members) => members.some((one) => one.address === address && one.affiliation !== "outcast"),
        () => false,
      ),
    ),
  );
  return groups.filter((_, i) => inside[i]);
}
