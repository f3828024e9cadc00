/** Real keys are there where something points finely; a phone's are on its glass. */
export function realKeys(): boolean {
  return matchMedia("(any-pointer: fine)").matches;
}
