/** Loudness as it was taken, however long, as a number of bars of 0 to 100: the peak of each part, the loudest at the top. */
export function bars(levels: readonly number[], count: number): number[] {
  if (!levels.length) return [];
  const most = Math.max(0.05, ...levels.slice(0, 100_000));
  const wanted = Math.min(count, levels.length);
  return Array.from({ length: wanted }, (_, i) => {
    const from = Math.floor((i * levels.length) / wanted);
    const to = Math.max(from + 1, Math.floor(((i + 1) * levels.length) / wanted));
    const peak = Math.max(...levels.slice(from, to));
    return Math.round((peak / most) * 100);
  });
}
