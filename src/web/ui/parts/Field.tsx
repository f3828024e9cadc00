import type { ComponentChildren, JSX, Ref } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { IconButton } from "./Button.tsx";
import { Icon } from "./Icon.tsx";

interface Shared {
  label: string;
  value: string;
  onInput: (value: string) => void;
  /** What is wrong with it, said beside the field. */
  problem?: string | undefined;
  hint?: ComponentChildren;
  placeholder?: string;
  autocomplete?: string;
  required?: boolean;
  disabled?: boolean;
  maxLength?: number;
  autofocus?: boolean;
  fieldRef?: Ref<HTMLInputElement>;
}

type Kind = "text" | "password" | "email" | "url";

/** One line to fill in, with its label, hint and problem. A password can be shown. */
export function Field(
  props: Shared & { kind?: Kind; inputMode?: "text" | "email" | "url"; capitals?: boolean },
): JSX.Element {
  const id = useId();
  const [seen, setSeen] = useState(false);
  const secret = props.kind === "password";
  return (
    <div class={props.problem ? "field bad" : "field"}>
      <label for={id}>{props.label}</label>
      <div class="box">
        <input
          ref={props.fieldRef ?? null}
          id={id}
          type={(secret && seen ? "text" : (props.kind ?? "text")) as "text"}
          value={props.value}
          onInput={(event) => {
            props.onInput(event.currentTarget.value);
          }}
          placeholder={props.placeholder}
          autocomplete={props.autocomplete ?? "off"}
          autocapitalize={props.capitals ? "sentences" : "none"}
          autocorrect={props.capitals ? "on" : "off"}
          spellcheck={props.capitals ?? false}
          inputMode={props.inputMode}
          required={props.required}
          disabled={props.disabled}
          maxLength={props.maxLength}
          autofocus={props.autofocus}
          aria-invalid={Boolean(props.problem)}
          aria-describedby={props.problem || props.hint ? `${id}-hint` : undefined}
        />
        {secret && (
          <IconButton
            icon={seen ? "unseen" : "seen"}
            label={seen ? t("do.hide") : t("do.show")}
            pressed={seen}
            onClick={() => {
              setSeen(!seen);
            }}
          />
        )}
      </div>
      {(props.problem || props.hint) && (
        <p
          id={`${id}-hint`}
          class={props.problem ? "problem" : "hint"}
          role={props.problem ? "alert" : undefined}
        >
          {props.problem ?? props.hint}
        </p>
      )}
    </div>
  );
}

/** The field above a list that narrows or searches it. */
export function SearchField(props: {
  label: string;
  value: string;
  onInput: (value: string) => void;
  autofocus?: boolean;
}): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  return (
    <div class="search-field">
      <Icon name="search" size={20} />
      <input
        ref={field}
        type="search"
        enterkeyhint="search"
        aria-label={props.label}
        placeholder={props.label}
        value={props.value}
        autofocus={props.autofocus}
        autocomplete="off"
        onInput={(event) => {
          props.onInput(event.currentTarget.value);
        }}
      />
      {props.value && (
        <IconButton
          icon="close"
          size={18}
          label={t("do.clear")}
          onClick={() => {
            props.onInput("");
            // The button that was pressed goes with the words.
            field.current?.focus();
          }}
        />
      )}
    </div>
  );
}
