import type { dialogs as english } from "../en/dialogs.ts";
import type { Same } from "../same.ts";

export const dialogs: Same<typeof english> = {};
