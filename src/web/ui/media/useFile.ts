import { useEffect, useState } from "preact/hooks";
import type { Attachment, Message } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { comesByItself, isWanted, most, want } from "./wanted.ts";
import { reason } from "../text/reason.ts";

export interface Loaded {
  url?: string;
  /** Why it is not there, for a person to read. */
  problem?: string;
  busy: boolean;
  /** It is not fetched before somebody asks for it. */
  held: boolean;
  /** Asks for it, or once more. */
  again: () => void;
}

/** The object URL of what a message brings, fetched as long as `shown`: by itself, or once somebody has asked for it. */
export function useFile(message: Message | undefined, shown: boolean): Loaded {
  const client = useClient();
  const [turn, setTurn] = useState(0);
  const [found, setFound] = useState<{ url?: string; problem?: string }>({});
  const attachment = message?.attachment;
  const wanted = message !== undefined && isWanted(message.id);
  const held = shown && message !== undefined && !wanted && !comesByItself(client, message);
  const asked = shown && !held && attachment !== undefined;
  useEffect(() => {
    if (!asked) return;
    let here = true;
    setFound({});
    client.file(attachment, wanted ? undefined : most).then(
      (url) => {
        if (here) setFound({ url });
      },
      (error: unknown) => {
        if (here) setFound({ problem: reason(error) });
      },
    );
    return () => {
      here = false;
    };
  }, [client, attachment?.url, asked, wanted, turn]);
  return {
    ...found,
    held,
    busy: asked && !found.url && !found.problem,
    again: () => {
      if (message) want(message.id);
      setTurn(turn + 1);
    },
  };
}

/** Fetches a file, and hands it to the person. */
export function useSave(attachment: Attachment): {
  busy: boolean;
  /** Why it could not be had, for a person to read. */
  problem: string | undefined;
  save: () => Promise<void>;
} {
  const client = useClient();
  const [{ busy, problem }, setState] = useState<{ busy: boolean; problem?: string }>({ busy: false });
  return {
    busy,
    problem,
    save: async () => {
      setState({ busy: true });
      try {
        save(await client.file(attachment), attachment.name);
        setState({ busy: false });
      } catch (error) {
        setState({ busy: false, problem: reason(error) });
      }
    },
  };
}

/** Hands a file to the person, under its name. */
export function save(url: string, name: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}
