import type { Texts } from "../index.ts";
import { chat } from "./chat.ts";
import { common } from "./common.ts";
import { composer } from "./composer.ts";
import { dialogs } from "./dialogs.ts";
import { errors } from "./errors.ts";
import { shell } from "./shell.ts";

export const de: Texts = { ...common, ...shell, ...chat, ...composer, ...dialogs, ...errors };
