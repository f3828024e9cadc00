import { useEffect, useRef, useState } from "preact/hooks";

/** A file to be sent, with what is said of it. */
export interface Chosen {
  file: File;
  /** Shows it, until it is gone from the list. */
  url: string;
  caption: string;
}

const made = (file: File, caption = ""): Chosen => ({ file, url: URL.createObjectURL(file), caption });

/** The files that are chosen, in their order; what shows them is let go with them. */
export function useChosen(files: readonly File[], caption: string) {
  const [items, setItems] = useState<readonly Chosen[]>(() =>
    files.map((file, i) => made(file, i ? "" : caption)),
  );
  const left = useRef(items);
  left.current = items;
  useEffect(
    () => () => {
      for (const item of left.current) URL.revokeObjectURL(item.url);
    },
    [],
  );
  return {
    items,
    add(files: readonly File[]) {
      setItems((before) => [...before, ...files.map((file) => made(file))]);
    },
    remove(item: Chosen) {
      URL.revokeObjectURL(item.url);
      setItems((before) => before.filter((one) => one !== item));
    },
    describe(item: Chosen, caption: string) {
      setItems((before) => before.map((one) => (one === item ? { ...one, caption } : one)));
    },
  };
}
