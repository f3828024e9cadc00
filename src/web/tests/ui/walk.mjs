/** The address of the example family's chat. */
export const family = "#/chat/family%40groups.kith.example";

/** Until the list is drawn. */
export async function list(page) {
  await page.getByRole("heading", { name: "Chats" }).waitFor();
  await page.getByText("Sunday football").first().waitFor();
}
