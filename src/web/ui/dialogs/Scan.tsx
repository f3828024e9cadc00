import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { Button, Field, Spinner } from "../parts/index.ts";
import { Problem } from "../page/index.ts";
import { PhotoButton } from "./PhotoButton.tsx";
import { codeIn, watch } from "./reader.ts";

type Camera = "starting" | "running" | "none";

/** Reads a code by the camera, from a photo, or as a pasted link. `seen`: it was a picture, not a text from anywhere. */
export function Scan(props: { onFound: (text: string, seen: boolean) => void; hint?: string }): JSX.Element {
  const video = useRef<HTMLVideoElement>(null);
  const [camera, setCamera] = useState<Camera>("starting");
  const [problem, setProblem] = useState<string>();
  const found = useRef(props.onFound);
  found.current = props.onFound;
  useEffect(() => {
    const shown = video.current;
    if (!shown) return;
    const stop = new AbortController();
    watch(shown, stop.signal, () => {
      setCamera("running");
    }).then(
      (text) => {
        if (text !== undefined) found.current(text, true);
      },
      () => {
        setCamera("none");
      },
    );
    return () => {
      stop.abort();
    };
  }, []);
  const photo = async (file: File) => {
    setProblem(undefined);
    const text = await codeIn(file);
    if (text === undefined) setProblem(t("code.noneInPhoto"));
    else found.current(text, true);
  };
  return (
    <div class="scan">
      <div class={`finder ${camera}`}>
        <video ref={video} muted playsInline aria-label={t("code.camera")} />
        {camera === "starting" && <Spinner size={32} />}
        {camera === "none" && <p>{t("code.noCamera")}</p>}
      </div>
      <p>{props.hint ?? t("code.scanText")}</p>
      <div>
        <PhotoButton look="soft" onPhoto={(file) => void photo(file)}>
          {t("code.photo")}
        </PhotoButton>
      </div>
      <Problem text={problem} />
      <Paste
        onText={(text) => {
          found.current(text, false);
        }}
      />
    </div>
  );
}

function Paste({ onText }: { onText: (text: string) => void }): JSX.Element {
  const [text, setText] = useState("");
  return (
    <form
      class="beside"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim()) onText(text.trim());
      }}
    >
      <Field label={t("code.paste")} placeholder="xmpp:…" inputMode="url" value={text} onInput={setText} />
      <Button submit look="soft" disabled={!text.trim()}>
        {t("open.do")}
      </Button>
    </form>
  );
}
