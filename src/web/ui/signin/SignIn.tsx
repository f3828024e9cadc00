import "./signin.css";
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Client, SignIn as Door } from "../../state/client.ts";
import { Button, Field, Icon, Switch } from "../parts/index.ts";
import { Mark } from "../parts/Mark.tsx";

/** The name as it is typed, also out of a link: "anna", "anna@home", "xmpp:anna@home". */
function typedName(typed: string): string {
  return typed.trim().replace(/^xmpp:/i, "");
}

interface Problems {
  name?: string;
  password?: string;
  all?: string;
}

function check(name: string, password: string): Problems {
  return {
    ...(typedName(name) ? {} : { name: t("signin.nameMissing") }),
    ...(password ? {} : { password: t("signin.passwordMissing") }),
  };
}

/** The first screen: who are you. */
export function SignIn(props: {
  home: string;
  door: Door;
  onDone: (client: Client) => void;
  /** With each letter. */
  onTyping: () => void;
  /** Said above the form: why somebody who was signed in is asked again. */
  notice?: string;
}): JSX.Element {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [own, setOwn] = useState(true);
  const [busy, setBusy] = useState(false);
  const [problems, setProblems] = useState<Problems>({});
  const nameField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);

  const submit = async (event: Event) => {
    event.preventDefault();
    const found = check(name, password);
    setProblems(found);
    if (found.name) return nameField.current?.focus();
    if (found.password) return passwordField.current?.focus();
    setBusy(true);
    try {
      props.onDone(await props.door.signIn(typedName(name), password, own));
    } catch (error) {
      setBusy(false);
      setProblems({ all: error instanceof Error && error.message ? error.message : t("signin.failed") });
      passwordField.current?.focus();
    }
  };

  return (
    <main class="signin">
      <form
        class="signin-card"
        onInputCapture={props.onTyping}
        onSubmit={(event) => void submit(event)}
        noValidate
      >
        <Mark size={64} />
        <div>
          <h1>{t("signin.title")}</h1>
          <p class="hint">{t("signin.to", { home: props.home })}</p>
        </div>
        {(problems.all ?? props.notice) && (
          <p class="signin-problem" role="alert">
            <Icon name="alert" size={20} />
            <span>{problems.all ?? props.notice}</span>
          </p>
        )}
        <Field
          label={t("signin.name")}
          value={name}
          onInput={setName}
          problem={problems.name}
          hint={t("signin.nameHint")}
          autocomplete="username"
          inputMode="email"
          fieldRef={nameField}
          autofocus
        />
        <Field
          label={t("signin.password")}
          kind="password"
          value={password}
          onInput={setPassword}
          problem={problems.password}
          autocomplete="current-password"
          fieldRef={passwordField}
        />
        {!props.door.forgets && (
          <Switch
            label={t("signin.own")}
            hint={own ? t("signin.ownOn") : t("signin.ownOff")}
            on={own}
            onChange={setOwn}
          />
        )}
        <Button submit wide busy={busy}>
          {t("signin.do")}
        </Button>
        <details>
          <summary>{t("signin.forgotten")}</summary>
          <p class="hint">{t("signin.forgottenText")}</p>
        </details>
        <a class="signin-help" href="/help">
          {t("do.help")}
        </a>
      </form>
    </main>
  );
}
