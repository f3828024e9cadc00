import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { Recording, type Sound } from "../media/recording.ts";

/** As many levels are drawn. */
const drawn = 48;

/** A recording that begins at once and is thrown away with what shows it; `denied` says why there is none. */
export function useRecording() {
  const recording = useRef<Promise<Recording> | undefined>(undefined);
  const [levels, setLevels] = useState<readonly number[]>([]);
  const [seconds, setSeconds] = useState(0);
  const [denied, setDenied] = useState<string>();
  useEffect(() => {
    let running: Recording | undefined;
    recording.current = Recording.start(() => {
      if (!running) return;
      setLevels(running.levels.slice(-drawn));
      setSeconds(running.seconds);
    });
    recording.current.then(
      (made) => {
        running = made;
      },
      () => {
        setDenied(t("voice.denied"));
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
  return {
    levels,
    seconds,
    denied,
    /** What was said; nothing where nothing could be heard. */
    stop: async (): Promise<Sound | undefined> => {
      const made = await recording.current?.catch(() => undefined);
      return made?.stop();
    },
  };
}
