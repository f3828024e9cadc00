/** What the box asks of a password that its person chooses. */
export const shortest = 8;

/** What is wrong with a change of the password before the box is asked. */
export function fault(now: string, next: string): "missing" | "short" | "same" | undefined {
  if (!now) return "missing";
  if ([...next].length < shortest) return "short";
  return next === now ? "same" : undefined;
}
