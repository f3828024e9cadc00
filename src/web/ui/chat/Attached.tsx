import type { JSX } from "preact";
import type { Message } from "../../state/model.ts";
import { FileName } from "../media/FileName.tsx";
import { Voice } from "../media/Voice.tsx";
import type { Acts } from "./acts.ts";
import { FileLine } from "./FileLine.tsx";
import { Sending } from "./Sending.tsx";

/** What a message brings besides words, where that is no picture. */
export function Attached({ message, acts }: { message: Message; acts: Acts }): JSX.Element | null {
  const { kind, attachment } = message;
  if (!attachment) return null;
  if (kind !== "voice" && kind !== "audio")
    return <FileLine message={message} attachment={attachment} acts={acts} />;
  return (
    <>
      {kind === "audio" && (
        <b class="audio-name">
          <FileName name={attachment.name} />
        </b>
      )}
      <Voice id={message.id} attachment={attachment} message={message} />
      <Sending message={message} acts={acts} plain />
    </>
  );
}
