import { chat } from "./chat.ts";
import { common } from "./common.ts";
import { composer } from "./composer.ts";
import { errors } from "./errors.ts";
import { shell } from "./shell.ts";

/** What is needed from the start; the texts of the pages around a chat come with these (`extend`). */
export const en = { ...common, ...shell, ...chat, ...composer, ...errors };
