import { render } from "preact";
import { use } from "../../i18n/index.ts";
import { App } from "../../ui/App.tsx";
import { newVersion } from "../../ui/shell/update.ts";
import { fake } from "../fake.ts";
import { home } from "../fake/people.ts";

// ?signin &choice &language=de &theme=dark &link=waiting &update &empty &first &toasts
const look = new URLSearchParams(location.search);
const client = fake({ empty: look.has("empty"), first: look.has("first") });
const { settings, link, toasts } = client.state;
settings.value = {
  ...settings.value,
  language: look.get("language") === "de" ? "de" : "en",
  theme: look.get("theme") === "dark" ? "dark" : look.get("theme") === "light" ? "light" : "auto",
};
if (look.has("link")) link.value = look.get("link") as "waiting";
if (look.has("update")) newVersion.value = () => undefined;
if (look.has("toasts"))
  toasts.value = [
    { id: 1, text: "Saved", tone: "calm" },
    { id: 2, text: "No room left on the box", tone: "wrong" },
  ];
Object.assign(window, { fake: client });

const door = {
  prepare: () => undefined,
  signIn: (_: string, password: string) =>
    password === "wrong"
      ? Promise.reject(new Error("Name and password do not go together."))
      : Promise.resolve(client),
};

const choice = {
  from: `anna@${home}`,
  to: `jonas@${home}`,
  stay: () => Promise.resolve(client),
  go: () => Promise.resolve(client),
};

await use(settings.value.language);
render(
  <App
    home={home}
    door={door}
    client={look.has("signin") || look.has("choice") ? undefined : client}
    choice={look.has("choice") ? choice : undefined}
  />,
  document.getElementById("app")!,
);
