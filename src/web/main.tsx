import { render } from "preact";
import { boot } from "./state/boot.ts";
import { holdOpen, keepHere, startNewest } from "./sw/page.ts";
import { App } from "./ui/App.tsx";
import { listenForInstall } from "./ui/settings/install.ts";
import { newVersion } from "./ui/shell/update.ts";

/** Once the chats are on the screen and nothing else is to do, the client is kept on this device. */
function settled(): void {
  const keep = () =>
    void keepHere(({ show }) => {
      newVersion.value = show;
    });
  if ("requestIdleCallback" in globalThis) requestIdleCallback(keep, { timeout: 10_000 });
  else setTimeout(keep, 3000);
}

listenForInstall();
if (!(await startNewest())) {
  holdOpen();
  const { client, choice, signIn } = await boot();
  render(
    <App home={location.hostname} door={signIn} client={client} choice={choice} onSettled={settled} />,
    document.getElementById("app")!,
  );
}
