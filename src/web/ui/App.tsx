import "./tokens.css";
import "./base.css";
import { effect } from "@preact/signals";
import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { choose, current, t, use } from "../i18n/index.ts";
import type { Choice, Client, SignIn as Door } from "../state/client.ts";
import { Spinner } from "./parts/index.ts";
import { lazy } from "./parts/lazy.tsx";
import { setTheme } from "./shell/look.ts";
import { SignIn } from "./signin/SignIn.tsx";

type Shell = ComponentType<{ client: Client }>;

const Chosen = lazy(() => import("./signin/Choose.tsx").then((made) => made.Choose));

/** The shell's code comes while the first screen is looked at, so that it is there after it. */
export const fetchShell = () => import("./shell/Shell.tsx");

/** Theme and language as this person has chosen; the language's change draws everything anew. */
function useWishes(client: Client | undefined): string {
  const [language, setLanguage] = useState(current());
  useEffect(() => {
    if (!client) return;
    return effect(() => {
      const wishes = client.settings.value;
      setTheme(wishes.theme);
      const next = choose(wishes.language);
      if (next !== current())
        void use(next).then(() => {
          setLanguage(next);
        });
      document.documentElement.lang = next;
    });
  }, [client]);
  return language;
}

/** Sign-in, and after it everything. */
export function App(props: {
  client?: Client | undefined;
  /** To be made before anything else. */
  choice?: Choice | undefined;
  door: Door;
  home: string;
  /** The chats are on the screen for the first time. */
  onSettled?: () => void;
}): JSX.Element | null {
  const [client, setClient] = useState(props.client);
  const [Inside, setInside] = useState<Shell>();
  const [refused, setRefused] = useState(false);
  const language = useWishes(client);

  const load = async () => {
    const made = await fetchShell();
    setInside(() => made.Shell);
  };
  useEffect(() => {
    if (client) void load();
  }, [client]);
  useEffect(() => {
    if (!client) return;
    return effect(() => {
      if (client.link.value === "refused") setRefused(true);
    });
  }, [client]);

  const inside = client !== undefined && Inside !== undefined;
  useEffect(() => {
    if (inside) props.onSettled?.();
  }, [inside]);

  if (!client && props.choice) return <Chosen choice={props.choice} onDone={setClient} />;
  if (!client || refused)
    return (
      <SignIn
        home={props.home}
        door={props.door}
        onTyping={() => {
          load().catch(() => undefined);
          props.door.prepare();
        }}
        {...(refused ? { notice: t("signin.again") } : {})}
        onDone={(made) => {
          setRefused(false);
          setClient(made);
        }}
      />
    );
  if (!Inside)
    return (
      <div class="opening">
        <Spinner size={36} />
      </div>
    );
  return <Inside key={language} client={client} />;
}
