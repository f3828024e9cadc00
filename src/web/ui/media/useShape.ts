import { useEffect, useState } from "preact/hooks";
import type { Message, Shape } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { comesByItself, isWanted } from "./wanted.ts";

/** How a voice message looks whose sender's app could not tell: measured here, once it may be fetched, and kept with it. */
export function useShape(message: Message | undefined): Shape | undefined {
  const client = useClient();
  const [shape, setShape] = useState<Shape>();
  const attachment = message?.kind === "voice" ? message.attachment : undefined;
  const url = attachment?.waveform ? undefined : attachment?.url;
  const asked = message !== undefined && isWanted(message.id);
  const wanted = message !== undefined && (asked || comesByItself(client, message));
  useEffect(() => {
    if (!attachment || !url || !wanted) return;
    let here = true;
    void import("./shape.ts")
      .then(({ shapeOf }) => shapeOf(url, asked, (most) => client.blob(attachment, most)))
      .then((found) => {
        if (here) setShape(found);
        // Where it cannot be kept it is measured once more another time.
        if (found) client.do.measured(message.id, url, found).catch(() => undefined);
      });
    return () => {
      here = false;
    };
  }, [client, url, wanted, asked]);
  return shape;
}
