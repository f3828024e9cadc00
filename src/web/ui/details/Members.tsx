import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Address, Chat, GroupState, Member } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { useAct } from "../page/act.ts";
import { Problem } from "../page/index.ts";
import { matches, nameOf } from "../shell/people.ts";
import { useWay } from "../shell/way.ts";
import { tell } from "../shell/passing.ts";
import {
  Avatar,
  Button,
  Confirm,
  IconButton,
  Menu,
  Row,
  SearchField,
  type IconName,
  type MenuItem,
  type Place,
} from "../parts/index.ts";
import { speaker } from "../text/who.ts";
import { acts, removed, sorted, type Act } from "./roles.ts";

const actIcons: Readonly<Record<Act, IconName>> = {
  owner: "key",
  admin: "shield",
  member: "person",
  remove: "leave",
};

/** So many are shown at once; the rest on demand. */
const page = 12;
/** … and of the rest so many at a time, so that a finger waits for no more. */
const piece = 40;

/** How many of `wanted` rows to draw: more of them after each frame that shows the last. */
function useGrowing(wanted: number): number {
  const [count, setCount] = useState(page);
  useEffect(() => {
    if (count >= wanted) return;
    const next = setTimeout(setCount, 0, count + piece);
    return () => {
      clearTimeout(next);
    };
  }, [count, wanted]);
  return Math.min(count, wanted);
}

export function Members(props: {
  chat: Chat;
  group: GroupState;
  members: readonly Member[];
  onChanged: () => void;
}): JSX.Element {
  const client = useClient();
  const [text, setText] = useState("");
  const [all, setAll] = useState(false);
  const act = useAct();
  const everybody = useMemo(() => sorted(props.members), [props.members]);
  const called = (one: Member) =>
    [one.nick, nameOf(client, one.address ?? one.nick)].some((name) =>
      matches(text, name, one.address ?? ""),
    );
  const found = text ? everybody.filter(called) : everybody;
  const count = useGrowing(all || text ? found.length : page);
  const shown = found.slice(0, count);
  return (
    <>
      {props.members.length > 8 && (
        <div class="inset">
          <SearchField label={t("group.find")} value={text} onInput={setText} />
        </div>
      )}
      <Problem text={act.problem} />
      {shown.map((one) => (
        <MemberRow key={one.address ?? one.nick} {...props} member={one} act={act} />
      ))}
      {!all && !text && shown.length < found.length && (
        <div class="inset">
          <Button
            look="plain"
            wide
            onClick={() => {
              setAll(true);
            }}
          >
            {t("group.showAll", { count: found.length })}
          </Button>
        </div>
      )}
    </>
  );
}

function MemberRow(props: {
  chat: Chat;
  group: GroupState;
  member: Member;
  act: ReturnType<typeof useAct>;
  onChanged: () => void;
}): JSX.Element {
  const { chat, group, member, act } = props;
  const client = useClient();
  const [at, setAt] = useState<Place>();
  const [asking, setAsking] = useState(false);
  const way = useWay();
  const show = (address: Address) => () => {
    way.open("details", address);
  };
  const person = member.address ? client.people.value.get(member.address) : undefined;
  // As everywhere else here; their name in the group may be another one.
  const called = person?.name ?? member.nick;
  const name = speaker({ own: member.own, who: called });
  const set = (affiliation: Member["affiliation"]) =>
    act
      .run(() => client.do.setMember(chat.id, member.address ?? "", affiliation), member.address)
      .then((done) => {
        if (done) props.onChanged();
      });
  const items = useItems(member, acts(group, member), (what) => {
    if (what === "remove") setAsking(true);
    else void set(what);
  });
  return (
    <>
      <Row
        before={
          <Avatar
            address={member.address ?? member.nick}
            name={called}
            picture={member.own ? client.me.value.picture : person?.picture}
            size={40}
            presence={member.here && !member.own ? "online" : undefined}
          />
        }
        title={<bdi>{name}</bdi>}
        text={role(member)}
        {...(member.address && !member.own ? { onClick: show(member.address) } : {})}
        after={
          items.length > 0 && (
            <IconButton
              icon="more"
              popup="menu"
              expanded={at !== undefined}
              label={t("group.memberMore", { name })}
              onClick={(event) => {
                setAt(event.currentTarget as Element);
              }}
            />
          )
        }
      />
      {at && (
        <Menu
          label={name}
          at={at}
          items={items}
          onClose={() => {
            setAt(undefined);
          }}
        />
      )}
      {asking && (
        <Confirm
          title={t("group.removeAsk", { name })}
          text={group.closed ? t("group.removeText", { name }) : t("group.banText", { name })}
          action={t("do.remove")}
          wrong
          busy={act.busy !== undefined}
          onClose={() => {
            setAsking(false);
          }}
          onConfirm={() =>
            void set(removed(group)).then(() => {
              setAsking(false);
            })
          }
        />
      )}
    </>
  );
}

function role(member: Member): string | undefined {
  if (member.affiliation === "owner") return t("role.owner");
  if (member.affiliation === "admin") return t("role.admin");
  return member.role === "visitor" ? t("role.visitor") : undefined;
}

function useItems(member: Member, able: readonly Act[], onAct: (act: Act) => void): MenuItem[] {
  const client = useClient();
  const way = useWay();
  const items: MenuItem[] = [];
  const { address } = member;
  if (address && !member.own) {
    items.push({
      label: t("person.write"),
      icon: "chat",
      do: () => {
        tell(client.do.chat(address).then(way.chat));
      },
    });
    items.push({
      label: t("details.person"),
      icon: "info",
      do: () => {
        way.open("details", address);
      },
    });
  }
  for (const what of able)
    items.push({
      label: t(`role.to.${what}`),
      icon: actIcons[what],
      wrong: what === "remove",
      do: () => {
        onAct(what);
      },
    });
  return items;
}
