/** A translation: the same keys, and a plural where the English has one. */
export type Same<T> = {
  readonly [K in keyof T]: T[K] extends string ? string : { one: string; other: string };
};
