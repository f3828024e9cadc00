import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { IconButton, Sheet } from "../parts/index.ts";
import { useWay } from "../shell/way.ts";
import "./page.css";

interface Frame {
  title: string;
  /** Which of the pages in this frame; the focus goes to its beginning when it changes. */
  page: string;
  /** The first page of the frame has no way back inside. */
  first?: boolean;
  action?: ComponentChildren;
  footer?: ComponentChildren;
  children: ComponentChildren;
}

function Inside({
  page,
  title,
  children,
}: {
  page: string;
  title: string;
  children: ComponentChildren;
}): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const shown = useRef(page);
  useEffect(() => {
    if (shown.current === page) return;
    shown.current = page;
    box.current?.focus();
  }, [page]);
  return (
    <div ref={box} key={page} class="page" tabIndex={-1} role="group" aria-label={title}>
      {children}
    </div>
  );
}

/** A page over the chats, of several steps. */
export function PageSheet(props: Frame & { wide?: boolean }): JSX.Element {
  const way = useWay();
  return (
    <Sheet
      page
      title={props.title}
      wide={props.wide ?? false}
      onClose={() => {
        way.close();
      }}
      onBack={
        props.first
          ? undefined
          : () => {
              way.back();
            }
      }
      action={props.action}
      footer={props.footer}
    >
      <Inside page={props.page} title={props.title}>
        {props.children}
      </Inside>
    </Sheet>
  );
}

/** A page beside the chat where there is room, in its place where there is none. */
export function Pane(props: Frame): JSX.Element {
  const way = useWay();
  const pane = useRef<HTMLElement>(null);
  const out = () => {
    if (props.first) way.close();
    else way.back();
  };
  useEffect(() => {
    const { current } = pane;
    (current?.querySelector<HTMLElement>("[autofocus]") ?? current?.querySelector("h2"))?.focus();
  }, []);
  return (
    <section
      ref={pane}
      class="pane"
      aria-label={props.title}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
        // Words in a field are taken back first, and a dialog over the pane closes by itself.
        const { target } = event;
        if (target instanceof HTMLInputElement && target.value) return;
        if (target instanceof Element && !target.closest("dialog")) out();
      }}
    >
      <header class="sheet-top">
        <IconButton
          icon={props.first ? "close" : "back"}
          label={props.first ? t("do.close") : t("do.back")}
          onClick={out}
        />
        <h2 tabIndex={-1}>{props.title}</h2>
        {props.action}
      </header>
      <div class="sheet-body">
        <Inside page={props.page} title={props.title}>
          {props.children}
        </Inside>
      </div>
      {props.footer && <footer class="sheet-foot">{props.footer}</footer>}
    </section>
  );
}
