import type { composer as english } from "../en/composer.ts";
import type { Same } from "../same.ts";

export const composer: Same<typeof english> = {};
