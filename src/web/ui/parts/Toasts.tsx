import { effect } from "@preact/signals";
import { render, type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Toast } from "../../state/client.ts";
import { Button, IconButton } from "./Button.tsx";
import { modals } from "./modal.ts";

/** Something said in passing, which a press may take back as long as it stands. */
export interface Said extends Toast {
  undo?: () => Promise<unknown>;
}

interface Props {
  toasts: readonly Said[];
  onDismiss: (id: number) => void;
  onUndo: (toast: Said) => void;
}

/** How long it is said (seconds): what went wrong, or can be taken back, longer. */
const long = ({ tone, undo }: Said): number => (tone === "wrong" ? 12 : undo ? 8 : 5);

function Line({ toast, onDismiss, onUndo }: Omit<Props, "toasts"> & { toast: Said }): JSX.Element {
  /** Somebody points at it, or is on it by keys: it waits. */
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(onDismiss, long(toast) * 1000, toast.id);
    return () => {
      clearTimeout(timer);
    };
  }, [toast.id, held]);
  const hold = () => {
    setHeld(true);
  };
  const release = () => {
    setHeld(false);
  };
  return (
    <div
      class={`toast ${toast.tone}`}
      onMouseEnter={hold}
      onMouseLeave={release}
      onFocusIn={hold}
      onFocusOut={release}
    >
      <span dir="auto">{toast.text}</span>
      {toast.undo && (
        <Button
          look="plain"
          onClick={() => {
            onDismiss(toast.id);
            onUndo(toast);
          }}
        >
          {t("do.undo")}
        </Button>
      )}
      <IconButton
        icon="close"
        size={18}
        label={t("do.close")}
        onClick={() => {
          onDismiss(toast.id);
        }}
      />
    </div>
  );
}

/** Above everything, and inside of the topmost dialog: what lies outside of that can neither be pressed nor heard. */
function lasting(): HTMLElement {
  const region = document.createElement("div");
  region.className = "toasts";
  region.setAttribute("role", "status");
  region.popover = "manual";
  return region;
}

/** What is said in passing, at the lower edge; the newest below, at most three. */
export function Toasts({ toasts, onDismiss, onUndo }: Props): null {
  const [region] = useState(lasting);
  useEffect(() => {
    const stop = effect(() => {
      (modals.value.at(-1) ?? document.body).append(region);
      // A browser that does not know these shows it in its place.
      if ("showPopover" in region) region.showPopover();
    });
    return () => {
      stop();
      render(null, region);
      region.remove();
    };
  }, [region]);
  useEffect(() => {
    render(
      toasts
        .slice(-3)
        .map((toast) => <Line key={toast.id} toast={toast} onDismiss={onDismiss} onUndo={onUndo} />),
      region,
    );
  });
  return null;
}
