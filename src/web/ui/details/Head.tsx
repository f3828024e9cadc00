import type { ComponentChildren, JSX, RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { useAct } from "../page/act.ts";
import { Button, Field, IconButton } from "../parts/index.ts";

/** Picture, name and what stands under it. */
export function Head(props: {
  picture: ComponentChildren;
  name: string;
  /** What `onRename` changes; absent: the name is not this person's to change. */
  onRename?: ((name: string) => Promise<void>) | undefined;
  renameLabel: string;
  renameHint?: string;
  children?: ComponentChildren;
}): JSX.Element {
  const { editing, edit, done, begin } = useEditing();
  return (
    <div class="head">
      {props.picture}
      {editing && props.onRename ? (
        <EditLine
          label={props.renameLabel}
          hint={props.renameHint}
          value={props.name}
          needed
          onSave={props.onRename}
          onClose={done}
        />
      ) : (
        <h3>
          <bdi>{props.name}</bdi>
          {props.onRename && (
            <IconButton buttonRef={begin} icon="edit" size={18} label={props.renameLabel} onClick={edit} />
          )}
        </h3>
      )}
      {props.children}
    </div>
  );
}

/** Whether a line is being changed; when it no longer is, the focus goes back to the button that begins it. */
export function useEditing(): {
  editing: boolean;
  edit: () => void;
  done: () => void;
  begin: RefObject<HTMLButtonElement | null>;
} {
  const [editing, setEditing] = useState(false);
  const begin = useRef<HTMLButtonElement>(null);
  const was = useRef(false);
  useEffect(() => {
    if (was.current && !editing) begin.current?.focus();
    was.current = editing;
  }, [editing]);
  return {
    editing,
    edit: () => {
      setEditing(true);
    },
    done: () => {
      setEditing(false);
    },
    begin,
  };
}

/** One line that is changed in its place. */
export function EditLine(props: {
  label: string;
  hint?: string | undefined;
  value: string;
  /** It may not be empty. */
  needed?: boolean;
  onSave: (value: string) => Promise<void>;
  onClose: () => void;
}): JSX.Element {
  const act = useAct();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
  }, []);
  const [value, setValue] = useState(props.value);
  const empty = props.needed === true && !value.trim();
  return (
    <form
      class="edit-line"
      onSubmit={(event) => {
        event.preventDefault();
        if (!empty)
          void act.run(async () => {
            if (value.trim() !== props.value) await props.onSave(value.trim());
            props.onClose();
          });
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        // Else the page that this is in would close.
        event.preventDefault();
        props.onClose();
      }}
    >
      <Field
        label={props.label}
        hint={props.hint}
        value={value}
        capitals
        fieldRef={field}
        maxLength={200}
        problem={act.problem ?? (empty ? t("details.nameMissing") : undefined)}
        onInput={setValue}
      />
      <div class="edit-do">
        <Button look="plain" onClick={props.onClose}>
          {t("do.cancel")}
        </Button>
        <Button submit busy={act.busy !== undefined}>
          {t("do.save")}
        </Button>
      </div>
    </form>
  );
}
