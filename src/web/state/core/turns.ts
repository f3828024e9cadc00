/** Has one thing done after the other, in the order in which they are asked for; one that fails holds up none. */
export function turns(): <T>(act: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (act) => {
    const run = last.then(act);
    last = run.catch(() => undefined);
    return run;
  };
}
