import { photo } from "./ui/walk.mjs";

const home = "kith.example";
const group = (name) => encodeURIComponent(`${name}@groups.${home}`);
const person = (name, server = home) => encodeURIComponent(`${name}@${server}`);

/** A page around a chat, ready when a text is there; `does` is what a person does before the picture. */
function view(name, hash, text, does = () => undefined, query = "") {
  return {
    name: `dialogs-${name}`,
    page: `app.html${query}#/${hash}`,
    ready: async (page, width) => {
      await see(text)(page);
      await does(page, width);
    },
  };
}

const press =
  (name, role = "button") =>
  (page) =>
    page.getByRole(role, { name }).last().click();
const type = (label, text) => (page) => page.getByLabel(label).last().fill(text);
const all =
  (...steps) =>
  async (page) => {
    for (const step of steps) await step(page);
  };
/** The list is there behind every page: what is looked for is the last of its name. */
const see = (text) => (page) => page.getByText(text).last().waitFor();
const bottom = (page) =>
  page.evaluate(() => {
    const box = [...document.querySelectorAll(".sheet-body")].at(-1);
    box.scrollTop = box.scrollHeight;
  });
const scroll = (text) => (page) => page.getByText(text).last().scrollIntoViewIfNeeded();

const withPhoto = async (page) => {
  await page
    .locator("dialog input[type=file]")
    .last()
    .setInputFiles(photo("photo.png", 900, 600));
  await page.getByLabel("Nearer or farther").waitFor();
};

/** What a message of the family's chat opens. */
const message = (what) => async (page) => {
  await page.getByText("We made it to the lake!").last().click({ button: "right" });
  await page.getByRole("menuitem", { name: what }).click();
};

/** Text that another app has shared, to somebody without a chat. */
const shared = (name) => async (page) => {
  await page.evaluate(async () => {
    const cache = await caches.open("kith-shared");
    await cache.put("/shared", new Response(JSON.stringify({ text: "https://example.org/cake", files: [] })));
    // It is taken by the installed app alone.
    window.matchMedia = () => ({ matches: false });
    location.hash = "#/share";
  });
  await see("Send to")(page);
  await type("Find a chat", "jo")(page);
  await page.getByRole("dialog").getByRole("button", { name }).waitFor();
};

/** One's own code, photographed and read again. */
const scanned = async (page) => {
  const buffer = await page.locator(".qr").screenshot();
  await page.goto(page.url().replace("new/code", "new/scan"));
  await see("Or paste a link")(page);
  await page
    .locator("dialog input[type=file]")
    .last()
    .setInputFiles({ name: "code.png", mimeType: "image/png", buffer });
  await see("Mia is checked")(page);
};

const inFamily = `chat/${group("family")}`;

export const views = [
  view("new", "new", "Scan a code"),
  view("new-empty", "new", "Nobody here yet", undefined, "?empty"),
  view("new-typed", "new", "Scan a code", all(type("Name or address", "lena@example.org"), see("Look up"))),
  view("new-found", `new/${person("lena", "example.org")}`, "lena@example.org"),
  view("new-not-found", "new/nonsense", "leads nowhere"),
  view("scan", "new/scan", "Or paste a link", (page) => page.locator(".finder.running").waitFor()),
  view("scanned", "new/code", "Whoever scans", scanned),
  view("code", "new/code", "Whoever scans", (page) => page.locator(".qr").waitFor()),
  view("invite", "new/invite", "Bring somebody"),
  view("invite-made", "new/invite", "Bring somebody", all(press("Make a link"), see("Good until"))),
  view(
    "group",
    "group",
    "Who is in it",
    all(press("Mia", "checkbox"), press("Friederike", "checkbox"), press("نور", "checkbox")),
  ),
  view(
    "group-name",
    "group",
    "Who is in it",
    all(
      press("Ben", "checkbox"),
      press("Mia", "checkbox"),
      press("Next"),
      see("Name of the group"),
      press("Create group"),
      see("Give the group"),
    ),
  ),
  view("public", "group/join", "Gardening"),
  view("public-server", "group/join", "Gardening", all(press("On another server"), see("Which server"))),
  view("requests", "requests", "Greta"),
  view("requests-none", "requests", "No requests", undefined, "?empty"),
  view("request-bar", `chat/${person("greta", "elsewhere.example")}`, "for the first time"),
  view("report", "requests", "Greta", all(press("Report"), see("What is wrong"))),
  view("block", "requests", "Greta", all(press("Block"), see("is not told"))),
  view("person", `details/${person("ben")}`, "ben@kith.example", see("together")),
  view("person-lower", `details/${person("tom", "other.example")}`, "tom@other.example", bottom),
  view("person-long", `details/${person("friederike")}`, "Friederike", press("Change the name")),
  view("keys", `details/${person("ben")}/keys`, "Check by code"),
  view("keys-lower", `details/${person("ben")}/keys`, "Check by code", bottom),
  view("verify", `details/${person("mia")}/verify`, "opens “My code”"),
  view("family", `details/${group("family")}`, "Sunday: cake"),
  view("family-lower", `details/${group("family")}`, "Owner", scroll("Opa Heinrich")),
  view(
    "member-menu",
    `details/${group("family")}`,
    "Owner",
    all(press("More about Mia"), see("Make an owner")),
  ),
  view("open-group", `details/${group("football")}`, "anybody can join"),
  view("add", `details/${group("family")}/add`, "Add people", press("Tom", "checkbox")),
  view("link", `details/${group("family")}/link`, "whom you have added", (page) =>
    page.locator(".qr").waitFor(),
  ),
  view("leave", `details/${group("family")}`, "Owner", all(press("Leave the group"), see("look after"))),
  view("search", "search", "looking for", all(type("Search messages", "ca"), see("oven"))),
  view(
    "search-chat",
    `search/${group("family")}`,
    "looking for",
    all(type("Search messages", "cake"), see("oven")),
  ),
  view(
    "search-people",
    "search",
    "looking for",
    all(
      type("Search messages", "hein"),
      (page) => page.getByRole("button", { name: "Opa Heinrich", exact: true }).click(),
      (page) => page.getByLabel("Message to Opa Heinrich").waitFor(),
    ),
  ),
  view("search-none", "search", "looking for", all(type("Search messages", "zzz"), see("Nothing found"))),
  view(
    "search-further",
    "search",
    "looking for",
    all(type("Search messages", "zzz"), press("Look further back"), see("Looked back to")),
  ),
  view("settings", "settings", "Anna"),
  view("settings-lower", "settings", "Anna", bottom),
  view("profile", "settings/profile", "Your address"),
  view(
    "password",
    "settings/password",
    "Password now",
    all(press("Change password"), see("that you have now")),
  ),
  view("blocked", "settings/blocked", "They can neither"),
  view("own-keys", "settings/keys", "This device"),
  view("about", "settings/about", "Licences"),
  view("install", "settings/install", "home screen"),
  view("sign-out", "settings", "Anna", all(press("Sign out"), see("are lost"))),
  view("crop", "settings/profile", "Your address", all(press("Change the picture"), withPhoto)),
  view(
    "forward",
    inFamily,
    "Yes please",
    all(
      message("Forward"),
      see("Forward to"),
      press("Mia", "checkbox"),
      press("Sunday football", "checkbox"),
    ),
  ),
  view(
    "forward-found",
    inFamily,
    "Yes please",
    all(
      message("Forward"),
      type("Find a chat", "opa"),
      press("Opa", "checkbox"),
      press("Send to 1 chat"),
      see("It will not be in: Opa Heinrich"),
    ),
  ),
  view("share", "chats", "Sunday football", shared(/^Jonas/)),
  view("info", inFamily, "Yes please", all(message("Info"), see("Sent by"))),
  view(
    "chosen",
    inFamily,
    "Yes please",
    all(message("Select"), async (page) => {
      await page.getByRole("checkbox").last().click();
      await page.getByText("selected").waitFor();
    }),
  ),
  view("delete", inFamily, "Yes please", all(message("Delete"), see("Delete for everybody"))),
  view("de-settings", "settings", "Einstellungen", undefined, "?language=de"),
  view("de-settings-lower", "settings", "Einstellungen", bottom, "?language=de"),
  view("de-person", `details/${person("ben")}`, "ben@kith.example", undefined, "?language=de"),
  view("de-keys", `details/${person("ben")}/keys`, "Ich habe verglichen", undefined, "?language=de"),
  view("de-family", `details/${group("family")}`, "Sunday: cake", undefined, "?language=de"),
  view("de-requests", "requests", "Greta", undefined, "?language=de"),
  view("de-blocked", "settings/blocked", "Sie können", undefined, "?language=de"),
  view("de-new", "new", "Code scannen", undefined, "?language=de"),
  view("de-group", "group", /^Weiter: /, press(/^Weiter: /), "?language=de"),
  view("de-leave", `details/${group("family")}`, "Besitzer", press("Gruppe verlassen"), "?language=de"),
];
