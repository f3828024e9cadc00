import "../../ui/tokens.css";
import "../../ui/base.css";
import "./gallery.css";
import { render, type JSX } from "preact";
import { useState } from "preact/hooks";
import {
  Avatar,
  Button,
  Chips,
  Choice,
  Confirm,
  Empty,
  Field,
  Icon,
  IconButton,
  iconNames,
  Menu,
  Row,
  SearchField,
  Section,
  Sheet,
  Skeleton,
  Spinner,
  Switch,
  Tabs,
  Toasts,
  type Place,
} from "../../ui/parts/index.ts";
import { ClientContext } from "../../ui/context.ts";
import { fake } from "../fake.ts";
import { people } from "../fake/people.ts";

const look = new URLSearchParams(location.search);
document.documentElement.dataset["theme"] = look.get("theme") ?? "light";

function Buttons({
  onMenu,
  onOpen,
}: {
  onMenu: (at: Place) => void;
  onOpen: (what: string) => void;
}): JSX.Element {
  return (
    <section>
      <h2>Buttons</h2>
      <div class="line">
        <Button
          onClick={() => {
            onOpen("sheet");
          }}
        >
          Open a sheet
        </Button>
        <Button look="soft" icon="person-add">
          Add somebody
        </Button>
        <Button look="plain">Not now</Button>
        <Button
          look="wrong"
          icon="trash"
          onClick={() => {
            onOpen("confirm");
          }}
        >
          Delete
        </Button>
        <Button busy>Saving</Button>
        <Button disabled>Off</Button>
        <IconButton
          icon="more"
          label="More"
          popup="menu"
          onClick={(event) => {
            onMenu(event.currentTarget as Element);
          }}
        />
        <IconButton icon="add" label="New chat" look="primary" />
        <IconButton icon="mic" label="Speak" look="soft" />
        <Spinner />
        <Spinner done={0.6} />
      </div>
      <div class="line">
        {people.slice(0, 9).map((one) => (
          <Avatar
            key={one.address}
            address={one.address}
            name={one.name}
            picture={one.picture}
            presence="online"
          />
        ))}
      </div>
    </section>
  );
}

function Fields(): JSX.Element {
  const [text, setText] = useState("Anna");
  const [secret, setSecret] = useState("correct horse");
  const [on, setOn] = useState(true);
  const [chip, setChip] = useState<"all" | "unread" | "groups">("all");
  const [theme, setTheme] = useState<"auto" | "light">("auto");
  return (
    <section>
      <h2>Fields</h2>
      <Field label="Your name" value={text} onInput={setText} hint="As the family knows you" />
      <Field
        label="Password"
        kind="password"
        value={secret}
        onInput={setSecret}
        problem="That is not the password."
      />
      <SearchField label="Search" value={text} onInput={setText} />
      <Switch label="This is my own device" hint="Messages stay on it" on={on} onChange={setOn} />
      <Choice
        label="Theme"
        value={theme}
        onChange={setTheme}
        options={[
          { value: "auto", label: "As the device" },
          { value: "light", label: "Light", hint: "Always" },
        ]}
      />
      <Chips
        label="Which"
        value={chip}
        onChange={setChip}
        options={[
          { value: "all", label: "All" },
          { value: "unread", label: "Unread", count: 3 },
          { value: "groups", label: "Groups" },
        ]}
      />
      <Tabs
        id="t"
        label="Pages"
        value={chip}
        onChange={setChip}
        options={[
          { value: "all", label: "Photos" },
          { value: "unread", label: "Files" },
          { value: "groups", label: "Links" },
        ]}
      />
      <div id={`t-${chip}`} role="tabpanel" aria-labelledby={`t-tab-${chip}`}>
        {chip}
      </div>
    </section>
  );
}

function Gallery(): JSX.Element {
  const [menu, setMenu] = useState<Place>();
  const [open, setOpen] = useState(look.get("open") ?? "");
  const close = () => {
    setOpen("");
  };
  return (
    <main class="gallery">
      <h1>Parts</h1>
      <Buttons onMenu={setMenu} onOpen={setOpen} />
      <Fields />
      <section>
        <h2>Rows</h2>
        <Row
          before={<Avatar address="mia@kith.example" name="Mia" picture="mia" />}
          title="Mia"
          text="mia@kith.example"
          href="#/chat/mia"
        />
        <Row
          before={<Avatar address="ben@kith.example" name="Ben" />}
          title="Ben"
          checked
          onClick={() => undefined}
        />
        <Row
          icon="bell"
          title="Notifications"
          text="On"
          onClick={() => undefined}
          after={<IconButton icon="info" label="What is this" />}
        />
        <Section title="Careful" hint="This cannot be undone.">
          <Row icon="leave" title="Leave the group" wrong onClick={() => undefined} />
        </Section>
        <Skeleton rows={2} />
        <Empty icon="chat" title="No chats yet" text="Write to somebody of the family.">
          <Button>New chat</Button>
        </Empty>
      </section>
      <section>
        <h2>Icons</h2>
        <div class="line">
          {iconNames.map((name) => (
            <figure key={name}>
              <Icon name={name} size={28} />
              {name}
            </figure>
          ))}
        </div>
      </section>
      {menu && (
        <Menu
          label="More"
          at={menu}
          onClose={() => {
            setMenu(undefined);
          }}
          items={[
            { label: "Reply", icon: "reply", do: () => undefined },
            { label: "Muted", icon: "mute", on: true, do: () => undefined },
            { label: "Delete", icon: "trash", wrong: true, do: () => undefined },
          ]}
        />
      )}
      {open === "sheet" && (
        <Sheet title="A sheet" onClose={close} footer={<Button onClick={close}>Done</Button>}>
          <Fields />
        </Sheet>
      )}
      {open === "confirm" && (
        <Confirm
          title="Delete this chat?"
          text="It goes from this device and from the box."
          action="Delete"
          wrong
          onConfirm={close}
          onClose={close}
        />
      )}
      <Toasts
        toasts={
          look.has("toasts")
            ? [
                { id: 1, text: "Saved", tone: "calm" },
                { id: 2, text: "No room left on the box", tone: "wrong" },
              ]
            : []
        }
        onDismiss={() => undefined}
        onUndo={() => undefined}
      />
    </main>
  );
}

render(
  <ClientContext.Provider value={fake()}>
    <Gallery />
  </ClientContext.Provider>,
  document.getElementById("app")!,
);
