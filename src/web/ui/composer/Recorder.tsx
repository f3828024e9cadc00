import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { length } from "../../i18n/times.ts";
import { useClient } from "../context.ts";
import { bars } from "../media/bars.ts";
import { Recording, type Sound } from "../media/recording.ts";
import { Bars, Voice } from "../media/Voice.tsx";
import { IconButton } from "../parts/index.ts";
import { reason } from "../text/reason.ts";

/** A press shorter than this was a tap: the recording goes on until it is told to stop. */
const tap = 400;
/** Slid so far aside while held, it is thrown away. */
const aside = 90;
const shortest = 0.7;

function useHold(held: boolean, onRelease: (keep: boolean) => void): void {
  const release = useRef(onRelease);
  release.current = onRelease;
  useEffect(() => {
    if (!held) return;
    const began = performance.now();
    let from: number | undefined;
    let away = false;
    const move = (event: PointerEvent) => {
      from ??= event.clientX;
      away = from - event.clientX > aside;
    };
    const up = () => {
      removeEventListener("pointermove", move);
      if (performance.now() - began >= tap) release.current(!away);
    };
    // The system took the finger away: the recording goes on until it is told to stop.
    const gone = () => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", up);
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", up, { once: true });
    addEventListener("pointercancel", gone, { once: true });
    return () => {
      removeEventListener("pointercancel", gone);
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", up);
    };
  }, [held]);
}

/** Records a voice message in place of the field: stop to listen to it first, or send at once. */
export function Recorder(props: {
  chat: string;
  held: boolean;
  replyTo?: string;
  onClose: (sent: boolean) => void;
}): JSX.Element {
  const client = useClient();
  const recording = useRef<Promise<Recording> | undefined>(undefined);
  const [levels, setLevels] = useState<readonly number[]>([]);
  const [seconds, setSeconds] = useState(0);
  const [sound, setSound] = useState<Sound>();
  const [url, setUrl] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    let running: Recording | undefined;
    recording.current = Recording.start(() => {
      if (!running) return;
      setLevels(running.levels.slice(-48));
      setSeconds(running.seconds);
    });
    recording.current.then(
      (made) => {
        running = made;
      },
      () => {
        setProblem(t("voice.denied"));
      },
    );
    return () => {
      void recording.current?.then(
        (made) => {
          made.cancel();
        },
        () => undefined,
      );
    };
  }, []);
  useEffect(
    () => () => {
      if (url) URL.revokeObjectURL(url);
    },
    [url],
  );

  const end = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    if (!props.held) end.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  const stop = async (): Promise<Sound | undefined> => {
    const made = await recording.current?.catch(() => undefined);
    return made?.stop();
  };
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
      setProblem(reason(error));
    }
  };
  const listen = async () => {
    const said = await stop();
    if (!said) return;
    setSound(said);
    setUrl(URL.createObjectURL(said.blob));
  };
  useHold(props.held, (keep) => {
    if (keep) void send();
    else props.onClose(false);
  });

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
          <span class="recorder-dot" aria-hidden="true" />
          <span class="recorder-time" role="timer">
            {length(seconds)}
          </span>
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
