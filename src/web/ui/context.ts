import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { Client } from "../state/client.ts";

export const ClientContext = createContext<Client | undefined>(undefined);

/** The client of the person signed in; only below the shell. */
export function useClient(): Client {
  const client = useContext(ClientContext);
  if (!client) throw new Error("drawn outside of the shell");
  return client;
}

/** The object URL of a picture's key, once it is there. */
export function usePicture(key: string | undefined): string | undefined {
  const client = useContext(ClientContext);
  const [found, setFound] = useState<{ key: string; url: string | undefined }>();
  useEffect(() => {
    if (!key || !client) return;
    let wanted = true;
    void client.picture(key).then((url) => {
      if (wanted) setFound({ key, url });
    });
    return () => {
      wanted = false;
    };
  }, [client, key]);
  return found && found.key === key ? found.url : undefined;
}
