import { signal } from "@preact/signals";
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** The dialogs that are open, the topmost last. All that is not in the topmost one can neither be pressed nor heard. */
export const modals = signal<readonly HTMLDialogElement[]>([]);

/** Opens a `<dialog>` over all as long as it is drawn; the focus goes back afterwards to where it was. */
export function useModal(onOpen?: (dialog: HTMLDialogElement) => void): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const shown = dialog.current;
    if (!shown) return;
    const before = document.activeElement;
    shown.showModal();
    modals.value = [...modals.value, shown];
    onOpen?.(shown);
    return () => {
      shown.close();
      modals.value = modals.value.filter((one) => one !== shown);
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return dialog;
}
