import { family, list } from "./walk.mjs";

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
  { name: "list", page: "app.html", ready: list },
  { name: "list-german", page: "app.html?language=de&link=waiting&update", locale: "de-DE", ready: list },
  { name: "list-empty", page: "app.html?empty", ready: (page) => page.getByText("No chats yet").waitFor() },
  { name: "list-toasts", page: "app.html?toasts", widths: [360, 1280], ready: list },
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
      await page.getByText("raisins").waitFor();
    },
  },
  {
    name: "chat-top",
    page: `app.html${family}`,
    ready: async (page) => {
      await page.getByText("raisins").waitFor();
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
    ready: (page) => page.getByText("raisins").waitFor(),
  },
];
