import type { shell as english } from "../en/shell.ts";
import type { Same } from "../same.ts";

export const shell: Same<typeof english> = {};
