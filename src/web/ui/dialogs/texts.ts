import { dialogs } from "../../i18n/en/dialogs.ts";
import { extend } from "../../i18n/index.ts";

// Every module that is loaded by the tables in index.ts and shell/pages.ts imports this one.
extend(dialogs);
