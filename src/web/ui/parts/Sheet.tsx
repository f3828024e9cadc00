import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { Button, IconButton } from "./Button.tsx";
import { useModal } from "./modal.ts";

/**
 * A page over the page: the whole screen on a phone, a card elsewhere (`small`: a card everywhere). It is a `<dialog>`, so the
 * browser itself keeps the focus inside, gives it back afterwards, and hides what is behind from screen readers.
 */
export function Sheet(props: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  /** Left of the title instead of nothing: one step back inside the sheet. */
  onBack?: (() => void) | undefined;
  /** Right in the title's line. */
  action?: ComponentChildren;
  /** Buttons that stay at the lower edge. */
  footer?: ComponentChildren;
  small?: boolean;
  wide?: boolean;
  /** It has an address of its own, which a step back leaves. */
  page?: boolean;
}): JSX.Element {
  const id = useId();
  const dialog = useModal((shown) => {
    // The first thing to press may be one that destroys: the title is a better place to begin.
    if (!shown.querySelector("[autofocus]")) shown.querySelector("h2")?.focus();
  });
  return (
    <dialog
      ref={dialog}
      class={`sheet${props.small ? " small" : ""}${props.wide ? " wide" : ""}`}
      aria-labelledby={id}
      data-page={props.page ? "" : undefined}
      onCancel={(event) => {
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        props.onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === event.currentTarget) props.onClose();
      }}
    >
      <div class="sheet-in">
        <header class="sheet-top">
          {props.onBack && <IconButton icon="back" label={t("do.back")} onClick={props.onBack} />}
          <h2 id={id} tabIndex={-1}>
            {props.title}
          </h2>
          {props.action}
          <IconButton icon="close" label={t("do.close")} onClick={props.onClose} />
        </header>
        <div class="sheet-body">{props.children}</div>
        {props.footer && <footer class="sheet-foot">{props.footer}</footer>}
      </div>
    </dialog>
  );
}

/** Asks once before what cannot be undone. */
export function Confirm(props: {
  title: string;
  text: ComponentChildren;
  action: string;
  wrong?: boolean;
  busy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}): JSX.Element {
  return (
    <Sheet
      title={props.title}
      small
      onClose={props.onClose}
      footer={
        <>
          <Button look="plain" onClick={props.onClose}>
            {t("do.cancel")}
          </Button>
          <Button
            look={props.wrong ? "wrong" : "primary"}
            busy={props.busy ?? false}
            onClick={props.onConfirm}
          >
            {props.action}
          </Button>
        </>
      }
    >
      <p>{props.text}</p>
    </Sheet>
  );
}
