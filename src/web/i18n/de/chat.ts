import type { chat as english } from "../en/chat.ts";
import type { Same } from "../same.ts";

export const chat: Same<typeof english> = {};
