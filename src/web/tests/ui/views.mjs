import { albums, albumsAbove, chosenOfAlbum, school, throughAlbum } from "./album.mjs";
import { back } from "./back.mjs";
import { everyday, historyPage, scrolling } from "./everyday.mjs";
import { shelfOfFiles, shelfOfLinks } from "./gallery.mjs";
import { keyboard, toastOver } from "./keyboard.mjs";
import { keysInList, manyChats, stillList } from "./manychats.mjs";
import { recording } from "./recording.mjs";
import { away, undo } from "./undo.mjs";
import { chatOf, family, large, list, photo, raisins, whole } from "./walk.mjs";

/** Every view: its page, and how it gets there. `widths`: only there. */
export const views = [
  {
    name: "parts",
    page: "gallery.html?theme=auto",
    full: true,
    ready: (page) => page.getByRole("heading", { name: "Icons" }).waitFor(),
  },
  {
    name: "parts-sheet",
    page: "gallery.html?theme=auto&open=sheet&toasts",
    ready: (page) => page.getByRole("dialog").waitFor(),
  },
  {
    name: "signin",
    page: "app.html?signin",
    ready: (page) => page.getByRole("button", { name: "Sign in" }).waitFor(),
  },
  {
    name: "signin-wrong",
    page: "app.html?signin&language=de",
    locale: "de-DE",
    ready: async (page) => {
      await page.getByLabel("Name").fill("anna");
      await page.getByLabel("Passwor", { exact: false }).first().fill("wrong");
      await page.getByRole("switch").click();
      await page.getByRole("button", { name: "Anmelden" }).click();
      await page.getByRole("alert").waitFor();
    },
  },
  {
    name: "signin-large",
    page: "app.html?signin&language=de",
    locale: "de-DE",
    widths: [320],
    ready: (page) => large(page, page.getByLabel("Name", { exact: true })),
  },
  {
    name: "list-large",
    page: "app.html?language=de",
    locale: "de-DE",
    widths: [320],
    ready: async (page) => {
      await large(page, page.getByRole("link", { name: "Neuer Chat" }).first());
      await whole(page.getByRole("heading", { name: "Chats" }));
      await whole(page.locator(".chat-row b").getByText("Family", { exact: true }));
    },
  },
  {
    name: "choice",
    page: "app.html?choice",
    ready: (page) => page.getByRole("button", { name: "Go on as" }).waitFor(),
  },
  { name: "list", page: "app.html", ready: list },
  { name: "list-german", page: "app.html?language=de&link=waiting&update", locale: "de-DE", ready: list },
  { name: "list-empty", page: "app.html?empty", ready: (page) => page.getByText("No chats yet").waitFor() },
  { name: "list-first", page: "app.html?first", ready: (page) => page.getByText("Say hello").waitFor() },
  { name: "list-undo", page: "app.html", widths: [360, 1280], ready: undo },
  {
    name: "list-undo-german",
    page: "app.html?language=de",
    locale: "de-DE",
    widths: [360],
    ready: (page) => away(page, "school", "Aus der Liste nehmen", "Rückgängig"),
  },
  { name: "list-toasts", page: "app.html?toasts", widths: [360, 1280], ready: list },
  { name: "toast-over", page: "app.html?toasts#/settings", widths: [390, 1280], ready: toastOver },
  {
    name: "list-menu",
    page: "app.html",
    widths: [390, 1280],
    ready: async (page) => {
      await list(page);
      await page.getByRole("link", { name: "Mia" }).first().click({ button: "right" });
      await page.getByRole("menu").waitFor();
    },
  },
  {
    name: "chat",
    page: `app.html${family}`,
    ready: async (page) => {
      await raisins(page);
    },
  },
  {
    name: "chat-top",
    page: `app.html${family}`,
    ready: async (page) => {
      await raisins(page);
      await page.locator(".log").evaluate((log) => {
        log.scrollTop = -1e6;
      });
      await page.getByText("Who is in for cake on Sunday").waitFor();
    },
  },
  {
    name: "chat-german",
    page: `app.html?language=de${family}`,
    locale: "de-DE",
    ready: raisins,
  },

  {
    name: "chat-ben",
    page: `app.html${chatOf("ben@kith.example")}`,
    ready: (page) => page.getByText("Look at her").waitFor(),
  },
  {
    name: "chat-board",
    page: `app.html${chatOf("board@groups.kith.example")}`,
    widths: [360, 1280],
    ready: (page) => page.getByText("only some may write").waitFor(),
  },
  {
    name: "chat-menu",
    page: `app.html${family}`,
    ready: async (page) => {
      await raisins(page);
      await page.locator("article", { hasText: "Yes please" }).click({ button: "right" });
      await page.getByRole("menu").waitFor();
    },
  },
  {
    name: "emoji",
    page: `app.html${family}`,
    ready: async (page) => {
      await raisins(page);
      await page.getByRole("button", { name: "Emoji" }).click();
      await page.getByText("Faces").waitFor();
    },
  },
  {
    name: "emoji-search",
    page: `app.html?language=de${family}`,
    locale: "de-DE",
    widths: [360, 1280],
    ready: async (page) => {
      await raisins(page);
      await page.getByRole("button", { name: "Emoji" }).click();
      await page.getByRole("searchbox").fill("herz");
      await page.getByTitle("rotes Herz").first().waitFor();
    },
  },
  {
    name: "composer-reply",
    page: `app.html${family}`,
    ready: async (page) => {
      await raisins(page);
      await page.locator("article", { hasText: "Yes please" }).click({ button: "right" });
      await page.getByRole("menuitem", { name: "Reply" }).click();
      await page.locator("textarea").fill("One\nTwo\nThree\nFour\nFive\nSix\nSeven\n@");
      await page.getByRole("option").first().waitFor();
    },
  },
  {
    name: "send",
    page: `app.html${family}`,
    ready: async (page) => {
      await raisins(page);
      await page.locator("input[type=file]").setInputFiles([
        ...["lake", "garden", "boat", "tower", "gate"].map((name) => photo(`${name}.png`)),
        {
          name: "Timetable of the whole summer holidays.pdf",
          mimeType: "application/pdf",
          buffer: Buffer.alloc(123456),
        },
      ]);
      const send = page.getByRole("button", { name: "Send 6" });
      const { x, width } = await send.boundingBox();
      if (x + width > page.viewportSize().width) throw new Error("its buttons are beyond the edge");
    },
  },
  {
    name: "voice",
    page: `app.html${family}`,
    ready: async (page) => {
      await raisins(page);
      await page.getByRole("button", { name: "Record a voice message" }).click();
      await page.locator(".recorder-time", { hasText: "0:01" }).waitFor();
    },
  },
  ...["album", "album-top"].map((name) => ({
    name,
    page: `app.html${school}`,
    widths: [320, 390, 1280],
    ready: name === "album" ? albums : albumsAbove,
  })),
  { name: "album-chosen", page: `app.html${school}`, widths: [390, 1280], ready: chosenOfAlbum },
  { name: "album-steps", page: `app.html${school}`, widths: [390, 1280], ready: throughAlbum },
  { name: "voice-held", page: `app.html${family}`, widths: [360, 390], ready: recording },
  {
    name: "viewer",
    page: `app.html${family}`,
    ready: async (page) => {
      await raisins(page);
      await page.getByRole("button", { name: "Open: Photo" }).click({ position: { x: 20, y: 20 } });
      await page.locator(".zoom img").waitFor();
    },
  },
  {
    name: "gallery",
    page: "app.html#/media/history%40groups.kith.example",
    ready: (page) => page.locator(".gallery-grid img").first().waitFor(),
  },
  { name: "gallery-files", page: "app.html#/media/family%40groups.kith.example", ready: shelfOfFiles },
  { name: "gallery-links", page: "app.html#/media/family%40groups.kith.example", ready: shelfOfLinks },
  {
    name: "gallery-none",
    page: "app.html?language=de#/media/nour%40kith.example",
    locale: "de-DE",
    widths: [390],
    ready: (page) => page.getByText("Noch keine Fotos oder Videos").waitFor(),
  },
  {
    name: "history",
    page: `app.html${chatOf("history@groups.kith.example")}`,
    widths: [390, 1280],
    ready: (page) => page.getByText("(10000)").waitFor(),
  },
  {
    name: "chat-unbegun",
    page: `app.html${chatOf("lea@other.example")}`,
    widths: [390],
    ready: async (page) => {
      await page.getByText("Say hello to Lea.").waitFor();
      await page.getByRole("main").getByRole("button", { name: "New chat" }).click();
      await page.getByRole("textbox", { name: /^Message to Lea/ }).waitFor();
    },
  },
  { name: "everyday", page: "app.html", widths: [390, 1280], ready: everyday },
  { name: "step-back", page: "app.html", widths: [390, 1280], ready: back },
  { name: "keyboard", page: "app.html", widths: [390, 1280], ready: keyboard },
  { name: "list-many", page: "app.html", widths: [390, 1280], ready: manyChats },
  { name: "list-still", page: "app.html", widths: [390, 1280], ready: stillList },
  { name: "list-keys", page: "app.html", widths: [390, 1280], ready: keysInList },
  { name: "scrolling", page: historyPage, widths: [390, 1280], ready: scrolling },
];
