import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { length } from "../../i18n/times.ts";
import { useClient } from "../context.ts";
import { bars } from "../media/bars.ts";
import type { Sound } from "../media/recording.ts";
import { Bars, Voice } from "../media/Voice.tsx";
import { IconButton } from "../parts/index.ts";
import { reason } from "../text/reason.ts";
import { Held } from "./Held.tsx";
import { useHold } from "./hold.ts";
import { useRecording } from "./useRecording.ts";

/** Shorter than this (seconds) nothing can have been said. */
const shortest = 0.7;

/**
 * Records a voice message in place of the field. As long as the button is held it is sent by letting go, thrown away by a
 * slide aside, and goes on by itself after a slide up; then, and from the beginning after a tap, by its buttons.
 */
export function Recorder(props: {
  chat: string;
  /** How it begins. */
  held: boolean;
  replyTo?: string;
  onClose: (sent: boolean) => void;
}): JSX.Element {
  const client = useClient();
  const { levels, seconds, denied, stop } = useRecording();
  const [sound, setSound] = useState<Sound>();
  const [url, setUrl] = useState<string>();
  const [failed, setFailed] = useState<string>();
  const [busy, setBusy] = useState(false);
  const problem = failed ?? denied;
  useEffect(
    () => () => {
      if (url) URL.revokeObjectURL(url);
    },
    [url],
  );

  const [held, setHeld] = useState(props.held);
  const end = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!held) end.current?.focus();
  }, [held]);
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  const send = async () => {
    setBusy(true);
    const said = sound ?? (await stop());
    if (!said) return;
    if (said.duration < shortest) {
      props.onClose(false);
      return;
    }
    try {
      await client.do.sendFile(
        props.chat,
        { ...said, kind: "voice" },
        props.replyTo ? { replyTo: props.replyTo } : {},
      );
      props.onClose(true);
    } catch (error) {
      setBusy(false);
      setSound(said);
      setFailed(reason(error));
    }
  };
  const listen = async () => {
    const said = await stop();
    if (!said) return;
    setSound(said);
    setUrl(URL.createObjectURL(said.blob));
  };
  const slid = useHold(held, (how) => {
    setHeld(false);
    if (how === "send") void send();
    else if (how === "discard") props.onClose(false);
  });
  const time = (
    <>
      <span class="recorder-dot" aria-hidden="true" />
      <span class="recorder-time" role="timer">
        {length(Math.floor(seconds))}
      </span>
    </>
  );
  if (held && !problem)
    return (
      <div class="recorder held" role="group" aria-label={t("kind.voice")}>
        {time}
        <Held slid={slid} />
      </div>
    );

  return (
    <div
      class="recorder"
      role="group"
      aria-label={t("kind.voice")}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        props.onClose(false);
      }}
    >
      <IconButton
        icon="trash"
        look="wrong"
        label={t("voice.discard")}
        onClick={() => {
          props.onClose(false);
        }}
      />
      {problem ? (
        <p class="problem" role="alert">
          {problem}
        </p>
      ) : sound && url ? (
        <Voice
          id="recorded"
          attachment={{
            url,
            name: sound.name,
            type: sound.blob.type,
            duration: sound.duration,
            waveform: sound.waveform,
          }}
          local
        />
      ) : (
        <>
          {time}
          <div class="recorder-bars">
            <Bars waveform={bars(levels.length ? levels : [0], 48)} done={1} />
          </div>
          <IconButton buttonRef={end} icon="stop" label={t("voice.stop")} onClick={() => void listen()} />
        </>
      )}
      {!problem || sound ? (
        <IconButton
          icon="send"
          look="primary"
          label={t("do.send")}
          disabled={busy}
          onClick={() => void send()}
        />
      ) : null}
    </div>
  );
}
