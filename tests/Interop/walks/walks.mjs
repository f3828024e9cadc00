/** All walks, in the order in which their files are read. */
export const walks = [];

/** Adds one. Its name is a sentence. `seconds`: after so long it hangs; three times what the longest takes. */
export function walk(name, steps, { seconds = 90 } = {}) {
  walks.push({ name, steps, seconds });
}

/** Waits until `ask` gives something true; for what no locator can wait for. Each try is a question to the page, not a pause. */
export async function until(what, ask, milliseconds = 10_000) {
  const end = performance.now() + milliseconds;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
  }
}
