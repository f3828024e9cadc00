const isSeen = (): boolean => globalThis.document?.visibilityState === "visible";
/** A page that is looked at draws at least so often (milliseconds). */
const DRAWS = 100;

/** The page has drawn what there is. */
export function drawn(): Promise<void> {
  return new Promise((resolve) => {
    if (!isSeen()) return resolve();
    requestAnimationFrame(() => setTimeout(resolve));
    // It may be hidden in this very moment.
    setTimeout(resolve, DRAWS);
  });
}

/** Lets taps and frames go first; browsers hold the timers of a page that nobody sees, which needs none of it. */
export const turn = (): Promise<void> =>
  isSeen() ? new Promise((resolve) => setTimeout(resolve)) : Promise.resolve();
