import type { GroupState, Member } from "../../state/model.ts";

/** What one may do to a member of a group (XEP-0045 §5.2.2): owners everything, admins only to those below them. */
export type Act = "owner" | "admin" | "member" | "remove";

const rank: Readonly<Record<Member["affiliation"], number>> = {
  owner: 3,
  admin: 2,
  member: 1,
  none: 0,
  outcast: -1,
};

export function acts(group: GroupState, member: Member): Act[] {
  if (member.own || !member.address || group.joined !== "in") return [];
  const mine = rank[group.role];
  const theirs = rank[member.affiliation];
  const able: Act[] = [];
  if (mine === 3) {
    if (theirs !== 3) able.push("owner");
    if (theirs !== 2) able.push("admin");
    if (theirs !== 1) able.push("member");
    able.push("remove");
  } else if (mine === 2 && theirs < 2) {
    if (theirs !== 1) able.push("member");
    able.push("remove");
  }
  return able;
}

/** Out of a closed group is who is no longer on its list; out of an open one only who may not come back. */
export function removed(group: GroupState): Member["affiliation"] {
  return group.closed ? "none" : "outcast";
}

export function mayEdit(group: GroupState): boolean {
  return group.joined === "in" && rank[group.role] >= 2;
}

/** Owners first, then admins, then all by name; oneself first of one's kind. */
export function sorted(members: readonly Member[]): Member[] {
  return members
    .filter((one) => one.affiliation !== "outcast")
    .sort(
      (a, b) =>
        rank[b.affiliation] - rank[a.affiliation] ||
        Number(b.own) - Number(a.own) ||
        a.nick.localeCompare(b.nick),
    );
}

/** Whether a group would have no owner left when this person goes. */
export function lastOwner(members: readonly Member[]): boolean {
  const owners = members.filter((one) => one.affiliation === "owner");
  return owners.length === 1 && owners[0]!.own && members.length > 1;
}
