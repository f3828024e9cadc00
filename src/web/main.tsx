import { render } from "preact";
import { boot, fetchRest, isKnown } from "./state/boot.ts";
import { beOneVersion, isKept, keepHere } from "./sw/page.ts";
import { App, fetchShell } from "./ui/App.tsx";
import { listenForInstall } from "./ui/settings/install.ts";
import { newVersion } from "./ui/shell/update.ts";

/** When nothing else is to do. */
function whenIdle(act: () => void): void {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(act, { timeout: 10_000 });
  else setTimeout(act, 3000);
}

/** What the first screen does without. Where it cannot be had now, it is asked for again when it is needed. */
function fetchAll(): void {
  Promise.all([fetchRest(), fetchShell()]).then(
    ([, shell]) => {
      shell.warm();
    },
    () => undefined,
  );
}

function keep(): void {
  void keepHere(() => {
    newVersion.value = () => location.reload();
  });
}

/** Once the chats are on the screen, the client is kept on this device. */
function settled(): void {
  if (!isKept()) whenIdle(keep);
}

beOneVersion(import.meta.url);
listenForInstall();
// Who is signed in waits for all of it; who is not looks at the first screen meanwhile.
if (isKnown()) fetchAll();
if (isKept()) keep();
const { client, choice, signIn } = await boot();
render(
  <App home={location.hostname} door={signIn} client={client} choice={choice} onSettled={settled} />,
  document.getElementById("app")!,
);
if (!client) whenIdle(fetchAll);
