import { dialogs } from "../../i18n/en/dialogs.ts";
import { extend } from "../../i18n/index.ts";

// Every module that the table in index.ts loads imports this one.
extend(dialogs);
