import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Chat } from "../../state/model.ts";
import { useClient } from "../context.ts";
import type { Doing } from "./Doing.tsx";

const rest = 600;
const idle = 5000;

export interface Draft {
  text: string;
  /** What the person types. */
  write: (text: string) => void;
  /** What is put there for them, with the caret at a place. */
  put: (text: string, caret?: number, field?: HTMLTextAreaElement | null) => void;
  clear: () => void;
}

/** What was typed in the last moment before this tab loaded the page anew, when it was too late for the store. */
function leftBehind(place: string): string | undefined {
  return aside()?.getItem(place) ?? undefined;
}

/** None where the browser lets nothing be kept. */
function aside(): Storage | undefined {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}

/** The words not sent yet: kept as the chat's draft, aside while an older message is edited, and told to others as typing. */
export function useDraft(chat: Chat, doing: Doing | undefined): Draft {
  const { do: act, me } = useClient();
  const place = `draft ${me.peek().address} ${chat.id}`;
  const before = useMemo(() => leftBehind(place) ?? chat.draft ?? "", [place]);
  const [text, setText] = useState(before);
  const kept = useRef(before);
  const saved = useRef(chat.draft ?? "");
  const saving = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const typing = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const editing = doing?.kind === "edit" ? doing.message : undefined;

  const save = () => {
    clearTimeout(saving.current);
    aside()?.removeItem(place);
    if (kept.current === saved.current) return;
    saved.current = kept.current;
    void act.draft(chat.id, kept.current);
  };
  const still = () => {
    if (typing.current === undefined) return;
    clearTimeout(typing.current);
    typing.current = undefined;
    void act.typing(chat.id, false);
  };
  const tell = (now: boolean) => {
    if (!now) {
      still();
      return;
    }
    if (typing.current === undefined) void act.typing(chat.id, true);
    clearTimeout(typing.current);
    typing.current = setTimeout(still, idle);
  };
  const keep = (next: string) => {
    setText(next);
    if (editing) return;
    kept.current = next;
    clearTimeout(saving.current);
    saving.current = setTimeout(save, rest);
  };

  useEffect(() => {
    setText(editing ? editing.text : kept.current);
  }, [editing?.id]);
  // A page that goes tells its components nothing, and may not wait for the store.
  const gone = () => {
    const unsaved = kept.current !== saved.current;
    save();
    if (unsaved && me.peek().own) aside()?.setItem(place, kept.current);
  };

  useEffect(() => {
    save();
    addEventListener("pagehide", gone);
    return () => {
      removeEventListener("pagehide", gone);
      save();
      still();
    };
  }, [chat.id]);

  return {
    text,
    write(next) {
      keep(next);
      tell(next !== "");
    },
    put(next, caret = next.length, field = null) {
      keep(next);
      if (!field) return;
      field.value = next;
      field.setSelectionRange(caret, caret);
    },
    clear() {
      still();
      kept.current = editing ? kept.current : "";
      setText(kept.current);
      save();
    },
  };
}
