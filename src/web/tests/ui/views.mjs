/** Every view: its page, and how it gets there. */
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
];
