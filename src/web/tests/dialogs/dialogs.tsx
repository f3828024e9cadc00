import "../../ui/tokens.css";
import "../../ui/base.css";
import "./dialogs.css";
import { render, type ComponentType, type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { use } from "../../i18n/index.ts";
import type { Message } from "../../state/model.ts";
import { ClientContext } from "../../ui/context.ts";
import { pages, requestBar, sheets, WayContext, type PageName, type Way } from "../../ui/dialogs/index.ts";
import { fake } from "../fake.ts";

const look = new URLSearchParams(location.search);
const client = fake({ empty: look.has("empty") });

/** `#/settings/password`: as the shell does it, without the shell. */
function read(): { page: string; rest: string[] } {
  const [page = "", ...rest] = location.hash.slice(2).split("/").map(decodeURIComponent);
  return { page, rest };
}

const way: Way = {
  open: (page, ...rest) => {
    location.hash = `/${[page, ...rest.map(encodeURIComponent)].join("/")}`;
  },
  chat: (address, message) => {
    location.hash = `/chat/${encodeURIComponent(address)}${message ? `/${message}` : ""}`;
  },
  media: (chat) => {
    location.hash = `/media/${encodeURIComponent(chat)}`;
  },
  back: () => {
    history.back();
  },
  close: () => {
    location.hash = "/";
  },
};

function message(): Message {
  const list = client.open("family@groups.kith.example").messages.value;
  const found = list.find((one) => one.id === (look.get("message") ?? "family-lake")) ?? list[0];
  if (!found) throw new Error("no message");
  return found;
}

function Stage(): JSX.Element {
  const [at, setAt] = useState(read);
  const [Shown, setShown] = useState<{ page: string; draw: (rest: string[]) => JSX.Element }>();
  useEffect(() => {
    const moved = () => {
      setAt(read());
    };
    addEventListener("hashchange", moved);
    return () => {
      removeEventListener("hashchange", moved);
    };
  }, []);
  useEffect(() => {
    void draw(at.page).then((made) => {
      setShown(made && { page: at.page, draw: made });
    });
  }, [at.page]);
  return (
    <main class="stage">
      <h1 class="unseen">Kith</h1>
      {Shown?.page === at.page && Shown.draw(at.rest)}
    </main>
  );
}

async function draw(page: string): Promise<((rest: string[]) => JSX.Element) | undefined> {
  if (page in pages) {
    const { load, place } = pages[page as PageName];
    const Page: ComponentType<{ rest: readonly string[] }> = await load();
    return (rest) =>
      place === "side" ? (
        <div class="side">
          <Page rest={rest} />
        </div>
      ) : (
        <Page rest={rest} />
      );
  }
  if (page in sheets) {
    const Sheet = await sheets[page as keyof typeof sheets]();
    return () => <Sheet message={message()} onClose={way.close} />;
  }
  if (page === "bar") {
    const Bar = await requestBar();
    return () => (
      <div class="foot">
        <Bar chat={client.chats.value.find((chat) => chat.request)!} />
      </div>
    );
  }
  return undefined;
}

await use(look.get("language") === "de" ? "de" : "en");
document.documentElement.lang = look.get("language") ?? "en";
Object.assign(globalThis, { client });
render(
  <ClientContext.Provider value={client}>
    <WayContext.Provider value={way}>
      <Stage />
    </WayContext.Provider>
  </ClientContext.Provider>,
  document.getElementById("app")!,
);
