import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { Button, FileInput } from "../parts/index.ts";

/** A button that opens the device's photos, camera and files. */
export function PhotoButton(props: {
  look: "primary" | "soft" | "plain";
  onPhoto: (photo: File) => void;
  children: string;
}): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <FileInput
        field={input}
        accept="image/*"
        onFiles={([photo]) => {
          props.onPhoto(photo!);
        }}
      />
      <Button look={props.look} icon="photo" onClick={() => input.current?.click()}>
        {props.children}
      </Button>
    </>
  );
}
