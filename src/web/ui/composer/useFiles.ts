import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

/** Files that were chosen, pasted into the field or dropped anywhere on the chat. */
export function useFiles(field: RefObject<HTMLTextAreaElement | null>) {
  const [chosen, setChosen] = useState<readonly File[]>([]);
  const add = (files: Iterable<File>) => {
    const more = [...files];
    if (more.length) setChosen((before) => [...before, ...more]);
  };
  useEffect(() => {
    const pane = field.current?.closest<HTMLElement>(".chat");
    if (!pane) return;
    const over = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      pane.classList.add("dropping");
    };
    const out = (event: DragEvent) => {
      if (!pane.contains(event.relatedTarget as Node | null)) pane.classList.remove("dropping");
    };
    const drop = (event: DragEvent) => {
      pane.classList.remove("dropping");
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      add(event.dataTransfer.files);
    };
    const paste = (event: ClipboardEvent) => {
      if (!event.clipboardData?.files.length) return;
      event.preventDefault();
      add(event.clipboardData.files);
    };
    pane.addEventListener("dragover", over);
    pane.addEventListener("dragleave", out);
    pane.addEventListener("drop", drop);
    pane.addEventListener("paste", paste);
    return () => {
      pane.removeEventListener("dragover", over);
      pane.removeEventListener("dragleave", out);
      pane.removeEventListener("drop", drop);
      pane.removeEventListener("paste", paste);
    };
  }, []);
  return {
    chosen,
    add,
    clear: () => {
      setChosen([]);
    },
  };
}
