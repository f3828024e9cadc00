import { useEffect, useState } from "preact/hooks";
import type { Attachment } from "../../state/model.ts";
import { useClient } from "../context.ts";

export interface Loaded {
  url?: string;
  /** Why it is not there, for a person to read. */
  problem?: string;
  busy: boolean;
  again: () => void;
}

/** The object URL of an attachment; asked for as long as `wanted`. */
export function useFile(attachment: Attachment | undefined, wanted: boolean): Loaded {
  const client = useClient();
  const [turn, setTurn] = useState(0);
  const [found, setFound] = useState<{ url?: string; problem?: string }>({});
  const key = attachment?.url;
  const asked = wanted && attachment !== undefined;
  useEffect(() => {
    if (!asked) return;
    let here = true;
    setFound({});
    client.file(attachment).then(
      (url) => {
        if (here) setFound({ url });
      },
      (error: unknown) => {
        if (here) setFound({ problem: error instanceof Error ? error.message : String(error) });
      },
    );
    return () => {
      here = false;
    };
  }, [client, key, asked, turn]);
  return {
    ...found,
    busy: asked && !found.url && !found.problem,
    again: () => {
      setTurn(turn + 1);
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
