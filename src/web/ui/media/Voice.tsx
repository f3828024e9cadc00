import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { length } from "../../i18n/times.ts";
import type { Attachment, Message } from "../../state/model.ts";
import { useClient } from "../context.ts";
import { Icon, Spinner } from "../parts/index.ts";
import * as player from "./player.ts";
import { useShape } from "./useShape.ts";
import { want } from "./wanted.ts";
import { reason } from "../text/reason.ts";

const flat = Array.from({ length: 30 }, () => 12);

/** A sound as bars: 0 to 100 each, of which a part (0 to 1) has been heard. */
export function Bars({ waveform, done }: { waveform: readonly number[]; done: number }): JSX.Element {
  const bars = waveform.length ? waveform : flat;
  const path = bars
    .map((value, i) => {
      const half = 1 + (Math.max(0, Math.min(100, value)) / 100) * 12;
      return `M${i * 5 + 2} ${14 - half}V${14 + half}`;
    })
    .join("");
  const width = bars.length * 5;
  return (
    <svg class="bars" viewBox={`0 0 ${width} 28`} preserveAspectRatio="none" aria-hidden="true">
      <path d={path} opacity=".4" />
      <path d={path} style={{ clipPath: `inset(0 ${100 - done * 100}% 0 0)` }} />
    </svg>
  );
}

/** A voice message: play, go to a place in it, faster. */
export function Voice(props: {
  id: string;
  attachment: Attachment;
  /** That brought it. */
  message?: Message;
  /** It is on this device: its `url` can be played as it is. */
  local?: boolean;
}): JSX.Element {
  const { id, attachment } = props;
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const mine = player.playing.value === id;
  const at = mine ? player.position.value : 0;
  const shape = useShape(props.message);
  const all = attachment.duration ?? shape?.duration ?? 0;
  const runs = mine && !player.paused.value;

  const start = async (from?: number) => {
    setProblem(undefined);
    setBusy(true);
    want(id);
    try {
      const url = props.local ? (attachment.url ?? "") : await client.file(attachment);
      await player.play(id, url, from);
    } catch (error) {
      setProblem(reason(error));
    }
    setBusy(false);
  };
  return (
    <div class="voice">
      <button
        type="button"
        class="play"
        aria-label={runs ? t("media.pause") : t("media.play")}
        onClick={() => {
          if (runs) player.pause();
          else void start();
        }}
      >
        {busy ? <Spinner size={22} /> : <Icon name={runs ? "pause" : "play"} size={20} />}
      </button>
      <div class="voice-middle">
        <Bars
          waveform={attachment.waveform ?? shape?.waveform ?? []}
          done={all ? Math.min(1, at / all) : 0}
        />
        <input
          type="range"
          aria-label={t("media.seek")}
          aria-valuetext={length(at)}
          min={0}
          max={Math.max(1, Math.round(all * 10))}
          value={Math.round(at * 10)}
          onInput={(event) => {
            const to = Number(event.currentTarget.value) / 10;
            if (mine) player.seek(to);
            else void start(all ? to / all : 0);
          }}
        />
      </div>
      {mine ? (
        <button
          type="button"
          class="rate"
          aria-label={`${player.rate.value.toLocaleString()}× ${t("media.speed")}`}
          onClick={player.nextRate}
        >
          {player.rate.value.toLocaleString()}×
        </button>
      ) : (
        <span class="voice-time">{all ? length(all) : ""}</span>
      )}
      {(problem ?? (player.unplayable.value === id ? t("media.unplayable") : undefined)) && (
        <p class="problem">{problem ?? t("media.unplayable")}</p>
      )}
    </div>
  );
}
