import type { JSX, RefObject } from "preact";

/** The device's photos, camera and files, opened by `field.current.click()`: what is pressed for it is drawn elsewhere. */
export function FileInput(props: {
  field: RefObject<HTMLInputElement | null>;
  accept?: string;
  multiple?: boolean;
  /** At least one. */
  onFiles: (files: readonly File[]) => void;
}): JSX.Element {
  return (
    <input
      ref={props.field}
      class="unseen"
      type="file"
      accept={props.accept}
      multiple={props.multiple}
      tabIndex={-1}
      aria-hidden="true"
      onChange={(event) => {
        const files = [...(event.currentTarget.files ?? [])];
        // The same file chosen once more is a change too.
        event.currentTarget.value = "";
        if (files.length > 0) props.onFiles(files);
      }}
    />
  );
}
