import { effect } from "@preact/signals";
import { render, type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Toast } from "../../state/client.ts";
import { IconButton } from "./Button.tsx";
import { modals } from "./modal.ts";

interface Props {
  toasts: readonly Toast[];
  onDismiss: (id: number) => void;
}

function Line({ toast, onDismiss }: { toast: Toast; onDismiss: (id: number) => void }): JSX.Element {
  useEffect(() => {
    const seconds = toast.tone === "wrong" ? 12 : 5;
    const timer = setTimeout(onDismiss, seconds * 1000, toast.id);
    return () => {
      clearTimeout(timer);
    };
  }, [toast.id]);
  return (
    <div class={`toast ${toast.tone}`}>
      <span>{toast.text}</span>
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
export function Toasts({ toasts, onDismiss }: Props): null {
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
      toasts.slice(-3).map((toast) => <Line key={toast.id} toast={toast} onDismiss={onDismiss} />),
      region,
    );
  });
  return null;
}
