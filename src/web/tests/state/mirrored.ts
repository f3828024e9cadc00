import { commands } from "../../state/commands.ts";
import type { Engine } from "../../state/engine.ts";
import { Mirror } from "../../state/tabs/mirror.ts";
import type { Me } from "../../state/model.ts";

/** What the pages see of an engine in the same tab. */
export function mirrored(engine: Engine, me: Me): Mirror {
  const can: Record<string, (...args: never[]) => Promise<unknown>> = {
    ...commands(engine),
    older: (chat: string) => engine.history.older(chat),
  };
  return new Mirror(engine.core.store, (method, ...args) => can[method]!(...(args as never[])) as never, me);
}
