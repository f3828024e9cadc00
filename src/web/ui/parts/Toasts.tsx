import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Toast } from "../../state/client.ts";
import { IconButton } from "./Button.tsx";

function Line({ toast, onDismiss }: { toast: Toast; onDismiss: (id: number) => void }): JSX.Element {
  useEffect(() => {
    const seconds = toast.tone === "wrong" ? 12 : 5;
    const timer = setTimeout(onDismiss, seconds * 1000, toast.id);
    return () => {
      clearTimeout(timer);
    };
  }, [toast.id]);
  return (
    <div class={`toast ${toast.tone}`} role={toast.tone === "wrong" ? "alert" : "status"}>
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

/** What is said in passing, at the lower edge; the newest below, at most three. */
export function Toasts(props: { toasts: readonly Toast[]; onDismiss: (id: number) => void }): JSX.Element {
  return (
    <div class="toasts">
      {props.toasts.slice(-3).map((toast) => (
        <Line key={toast.id} toast={toast} onDismiss={props.onDismiss} />
      ))}
    </div>
  );
}
