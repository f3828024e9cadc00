import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { FileInput, IconButton, Menu, type MenuItem, type Place } from "../parts/index.ts";

/** What can be sent besides words: pictures, what the camera sees, any file. */
export function Attach(props: { disabled: boolean; onFiles: (files: Iterable<File>) => void }): JSX.Element {
  const [at, setAt] = useState<Place>();
  const input = useRef<HTMLInputElement>(null);
  const choose = (accept: string, capture?: string) => () => {
    const field = input.current;
    if (!field) return;
    field.accept = accept;
    if (capture) field.setAttribute("capture", capture);
    else field.removeAttribute("capture");
    field.click();
  };
  const onGlass = matchMedia("(pointer: coarse)").matches;
  const items: MenuItem[] = [
    { label: t("composer.photo"), icon: "photo", do: choose("image/*,video/*") },
    ...(onGlass
      ? [{ label: t("composer.camera"), icon: "camera" as const, do: choose("image/*", "environment") }]
      : []),
    { label: t("composer.file"), icon: "file", do: choose("") },
  ];
  return (
    <>
      <IconButton
        icon="add"
        label={t("composer.attach")}
        popup="menu"
        disabled={props.disabled}
        onClick={(event) => {
          setAt(event.currentTarget as Element);
        }}
      />
      <FileInput field={input} multiple onFiles={props.onFiles} />
      {at && (
        <Menu
          label={t("composer.attach")}
          at={at}
          items={items}
          onClose={() => {
            setAt(undefined);
          }}
        />
      )}
    </>
  );
}
