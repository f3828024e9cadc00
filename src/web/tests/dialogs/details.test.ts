import { describe, expect, it } from "vitest";
import type { DeviceKey, GroupState, Member } from "../../state/model.ts";
import { eights, inOrder, standing } from "../../ui/details/keys.ts";
import { acts, lastOwner, mayEdit, removed, sorted } from "../../ui/details/roles.ts";
import { sharedGroups } from "../../ui/details/shared.ts";
import { fake } from "../fake.ts";

function group(role: GroupState["role"], more: Partial<GroupState> = {}): GroupState {
  return { joined: "in", nick: "Anna", closed: true, voice: true, role, ...more };
}

function member(nick: string, affiliation: Member["affiliation"], more: Partial<Member> = {}): Member {
  const address = `${nick}@x.example`;
  return { nick, name: nick, address, affiliation, role: "none", here: false, own: false, ...more };
}

describe("acts", () => {
  it("lets owners do everything to others", () => {
    expect(acts(group("owner"), member("ben", "member"))).toEqual(["owner", "admin", "remove"]);
    expect(acts(group("owner"), member("ben", "owner"))).toEqual(["admin", "member", "remove"]);
    expect(acts(group("owner"), member("ben", "none"))).toEqual(["owner", "admin", "member", "remove"]);
  });

  it("lets admins do only what XEP-0045 §5.2.2 gives them", () => {
    expect(acts(group("admin"), member("ben", "member"))).toEqual(["remove"]);
    expect(acts(group("admin"), member("ben", "none"))).toEqual(["member", "remove"]);
    expect(acts(group("admin"), member("ben", "admin"))).toEqual([]);
    expect(acts(group("admin"), member("ben", "owner"))).toEqual([]);
  });

  it("lets nobody else, and nobody to themselves, to the nameless or from outside", () => {
    expect(acts(group("member"), member("ben", "none"))).toEqual([]);
    expect(acts(group("owner"), member("anna", "owner", { own: true }))).toEqual([]);
    const nameless = member("ben", "member");
    delete nameless.address;
    expect(acts(group("owner"), nameless)).toEqual([]);
    expect(acts(group("owner", { joined: "out" }), member("ben", "member"))).toEqual([]);
    expect(mayEdit(group("member"))).toBe(false);
    expect(mayEdit(group("admin"))).toBe(true);
  });

  it("bans from an open group, where leaving the list would not keep anybody out", () => {
    expect(removed(group("owner"))).toBe("none");
    expect(removed(group("owner", { closed: false }))).toBe("outcast");
  });
});

describe("members", () => {
  it("come by rank, oneself first, without who is banned", () => {
    const list = [
      member("cid", "member"),
      member("anna", "member", { own: true }),
      member("ben", "admin"),
      member("out", "outcast"),
      member("dan", "owner"),
    ];
    expect(sorted(list).map((one) => one.nick)).toEqual(["dan", "ben", "anna", "cid"]);
  });

  it("tell whether the last owner goes", () => {
    const me = member("anna", "owner", { own: true });
    expect(lastOwner([me, member("ben", "admin")])).toBe(true);
    expect(lastOwner([me, member("ben", "owner")])).toBe(false);
    expect(lastOwner([me])).toBe(false);
    expect(lastOwner([member("ben", "owner"), member("anna", "member", { own: true })])).toBe(false);
  });
});

describe("keys", () => {
  const key = (device: number, trust: DeviceKey["trust"], more: Partial<DeviceKey> = {}): DeviceKey => ({
    device,
    fingerprint: "",
    trust,
    own: false,
    ...more,
  });

  it("are grouped by eights", () => {
    expect(eights("3F2A91C0 7be4d855:12")).toEqual(["3f2a91c0", "7be4d855", "12"]);
    expect(eights("")).toEqual([]);
  });

  it("stand together as the weakest of them; refused ones are out", () => {
    expect(standing([])).toBe("none");
    expect(standing([key(1, "refused")])).toBe("none");
    expect(standing([key(1, "verified"), key(2, "refused")])).toBe("verified");
    expect(standing([key(1, "verified"), key(2, "trusted")])).toBe("trusted");
    expect(standing([key(1, "verified"), key(2, "undecided")])).toBe("undecided");
  });

  it("come with this device first, then what is to be decided, then the latest", () => {
    const list = [
      key(1, "trusted", { lastSeen: 1 }),
      key(2, "trusted", { lastSeen: 9 }),
      key(3, "undecided"),
      key(4, "verified", { own: true }),
    ];
    expect(inOrder(list).map((one) => one.device)).toEqual([4, 3, 2, 1]);
  });
});

describe("sharedGroups", () => {
  it("are the closed ones that a person is in; one that fails is left out", async () => {
    const client = fake();
    const all = await sharedGroups(client, "ben@kith.example");
    expect(all.map((one) => one.name)).toContain("Family");
    expect(all.some((one) => one.group?.closed === false)).toBe(false);
    const failing = {
      ...client,
      do: { ...client.do, members: () => Promise.reject(new Error("No answer.")) },
    };
    expect(await sharedGroups(failing, "ben@kith.example")).toEqual([]);
  });
});
