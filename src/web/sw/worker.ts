import type { Build } from "../build/site.ts";
import { keepOffline } from "./offline.ts";
import type { Scope } from "./scope.ts";

/** The build puts the files here. */
declare const __BUILD__: Build;

keepOffline(globalThis as unknown as Scope, __BUILD__);
