import type { JSX, RefObject } from "preact";
import { useRef, useState } from "preact/hooks";
import { fold } from "../../i18n/fold.ts";
import { t } from "../../i18n/index.ts";
import type { Chat, Member } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { Avatar } from "../parts/index.ts";

/** The name begun before the caret: after an `@` at the start or a space. */
export function begun(text: string, caret: number): string | undefined {
  return /(?:^|\s)@([^\s@,;:!?]{0,30}(?: [^\s@,;:!?]{0,30})?)$/u.exec(text.slice(0, caret))?.[1];
}

/** Somebody of the group, and what they are called here. */
export interface Choice {
  member: Member;
  shown: string;
}

/** Members of whose names one, or a word of it, begins so; at most six, those who are here first. */
export function matching(
  members: readonly Member[],
  start: string,
  shownAs: (member: Member) => string = ({ name }) => name,
): Choice[] {
  const wanted = fold(start);
  const fits = (name: string) => {
    const folded = fold(name);
    return folded.startsWith(wanted) || folded.split(/\s+/).some((word) => word.startsWith(wanted));
  };
  return members
    .filter((member) => !member.own && member.affiliation !== "outcast")
    .map((member) => ({ member, shown: shownAs(member) }))
    .filter(({ member, shown }) => [shown, member.name, member.nick].some(fits))
    .sort((a, b) => Number(b.member.here) - Number(a.member.here) || a.shown.localeCompare(b.shown))
    .slice(0, 6);
}

interface Completion {
  found: readonly Choice[];
  at: number;
  choose: (member: Member) => void;
}

/** Completes names after an `@` in a group. */
export function useMentions(
  chat: Chat,
  field: RefObject<HTMLTextAreaElement | null>,
  put: (text: string, caret: number, field: HTMLTextAreaElement | null) => void,
) {
  const client = useClient();
  const members = useRef<Promise<Member[]> | undefined>(undefined);
  const [found, setFound] = useState<readonly Choice[]>([]);
  const [at, setAt] = useState(0);
  const shownAs = ({ address = "", name }: Member) => client.people.peek().get(address)?.name ?? name;
  const close = () => {
    if (found.length) setFound([]);
  };

  const look = () => {
    const area = field.current;
    const start = chat.kind === "group" && area ? begun(area.value, area.selectionStart) : undefined;
    if (start === undefined) {
      close();
      return;
    }
    members.current ??= client.do.members(chat.id);
    void members.current.then((all) => {
      if (area && begun(area.value, area.selectionStart) !== start) return;
      setFound(matching(all, start, shownAs));
      setAt(0);
    }, close);
  };
  const choose = (member: Member) => {
    const area = field.current;
    if (!area) return;
    const caret = area.selectionStart;
    const from = caret - (begun(area.value, caret)?.length ?? 0);
    const text = `${area.value.slice(0, from)}${member.name} ${area.value.slice(caret).replace(/^ /, "")}`;
    put(text, from + member.name.length + 1, area);
    area.focus();
    setFound([]);
  };
  /** True: the key was for the completion. */
  const key = (event: KeyboardEvent): boolean => {
    if (!found.length) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt((at + step + found.length) % found.length);
    else if (event.key === "Enter" || event.key === "Tab") choose(found[at]!.member);
    else if (event.key === "Escape") close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const aria = found.length
    ? {
        "aria-autocomplete": "list" as const,

        "aria-controls": "mentions",
        "aria-activedescendant": `mention-${at}`,
      }
    : {};
  return { found, at, choose, look, key, aria };
}

export function Mentions({ found, at, choose }: Completion): JSX.Element {
  const client = useClient();
  return (
    <ul id="mentions" class="mentions" role="listbox" aria-label={t("composer.people")}>
      {found.map(({ member, shown }, i) => (
        <li
          key={member.nick}
          id={`mention-${i}`}
          role="option"
          aria-selected={i === at}
          onMouseDown={(event) => {
            event.preventDefault();
            choose(member);
          }}
        >
          <Avatar
            address={member.address ?? member.nick}
            name={shown}
            picture={client.people.value.get(member.address ?? "")?.picture}
            size={32}
          />
          <span class="cut" dir="auto">
            {shown}
          </span>
          {shown !== member.name && (
            <small class="cut" dir="auto">
              {member.name}
            </small>
          )}
        </li>
      ))}
    </ul>
  );
}
