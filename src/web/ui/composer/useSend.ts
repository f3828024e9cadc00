import type { RefObject } from "preact";
import { useState } from "preact/hooks";
import type { Chat } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { joined } from "../shell/handed.ts";
import { reason } from "../text/reason.ts";
import type { Doing } from "./Doing.tsx";
import type { Draft } from "./useDraft.ts";

/** Sends what is written: the field is free at once, and has the words again where they could not be taken. */
export function useSend(
  chat: Chat,
  field: RefObject<HTMLTextAreaElement | null>,
  { text, put, clear }: Draft,
  doing: Doing | undefined,
  onDoing: (doing: Doing | undefined) => void,
): { send: () => Promise<void>; problem: string | undefined } {
  const client = useClient();
  const [problem, setProblem] = useState<string>();
  const send = async () => {
    const said = text.trim();
    if (!said) return;
    const before = text;
    clear();
    onDoing(undefined);
    setProblem(undefined);
    field.current?.focus();
    try {
      if (doing?.kind === "edit") await client.do.edit(doing.message.id, said);
      else await client.do.send(chat.id, said, doing ? { replyTo: doing.message.id } : {});
    } catch (error) {
      // What has been typed since stays.
      put(doing?.kind === "edit" ? before : joined(before, field.current?.value ?? ""));
      onDoing(doing);
      setProblem(reason(error));
    }
  };
  return { send, problem };
}
