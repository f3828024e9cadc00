import type { JSX, RefObject } from "preact";
import { useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Chat, Member } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { Avatar } from "../parts/index.ts";

/** The name begun before the caret: after an `@` at the start or a space. */
export function begun(text: string, caret: number): string | undefined {
  return /(?:^|\s)@([^\s@,;:!?]{0,30}(?: [^\s@,;:!?]{0,30})?)$/u.exec(text.slice(0, caret))?.[1];
}

/** Members whose name, or a word of it, begins so; at most six, those who are here first. */
export function matching(members: readonly Member[], start: string): Member[] {
  const wanted = start.toLocaleLowerCase();
  const fits = (name: string) =>
    name.startsWith(wanted) || name.split(/\s+/).some((word) => word.startsWith(wanted));
  return members
    .filter(
      (member) => !member.own && member.affiliation !== "outcast" && fits(member.nick.toLocaleLowerCase()),
    )
    .sort((a, b) => Number(b.here) - Number(a.here) || a.nick.localeCompare(b.nick))
    .slice(0, 6);
}

interface Completion {
  found: readonly Member[];
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
  const [found, setFound] = useState<readonly Member[]>([]);
  const [at, setAt] = useState(0);
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
      setFound(matching(all, start));
      setAt(0);
    }, close);
  };
  const choose = (member: Member) => {
    const area = field.current;
    if (!area) return;
    const caret = area.selectionStart;
    const from = caret - (begun(area.value, caret)?.length ?? 0);
    const text = `${area.value.slice(0, from)}${member.nick} ${area.value.slice(caret).replace(/^ /, "")}`;
    put(text, from + member.nick.length + 1, area);
    area.focus();
    setFound([]);
  };
  /** True: the key was for the completion. */
  const key = (event: KeyboardEvent): boolean => {
    if (!found.length) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt((at + step + found.length) % found.length);
    else if (event.key === "Enter" || event.key === "Tab") choose(found[at]!);
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
  return (
    <ul id="mentions" class="mentions" role="listbox" aria-label={t("composer.people")}>
      {found.map((member, i) => (
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
          <Avatar address={member.address ?? member.nick} name={member.nick} size={32} />
          <span class="cut">{member.nick}</span>
        </li>
      ))}
    </ul>
  );
}
