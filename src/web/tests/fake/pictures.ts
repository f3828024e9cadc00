const skies = ["#8ec9e8", "#f2c48d", "#b9a6d9", "#9ad1c4"];
const hills = ["#6aa36f", "#a1752b", "#54707c", "#4f8a58"];

/** A small landscape, another for each key, as an address of data. */
export function pictureOf(key: string): string {
  const seed = [...key].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) >>> 0, 7);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 90" preserveAspectRatio="xMidYMid slice" width="1600" height="900"><path fill="${skies[seed % 4]}" d="M0 0h160v90H0z"/><circle cx="${30 + (seed % 100)}" cy="24" r="11" fill="#fff6d8"/><path fill="${hills[(seed >> 3) % 4]}" d="M0 60q40-${20 + (seed % 18)} 80 0t80-8v38H0z"/></svg>`;
  return URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
}

/** A quiet tone of some seconds, as a WAV. */
export function soundOf(seconds: number): string {
  const rate = 8000;
  const count = Math.round(rate * seconds);
  const view = new DataView(new ArrayBuffer(44 + count));
  const text = (at: number, value: string) => {
    [...value].forEach((letter, i) => {
      view.setUint8(at + i, letter.charCodeAt(0));
    });
  };
  text(0, "RIFF");
  view.setUint32(4, 36 + count, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate, true);
  view.setUint16(32, 1, true);
  view.setUint16(34, 8, true);
  text(36, "data");
  view.setUint32(40, count, true);
  for (let i = 0; i < count; i++) view.setUint8(44 + i, 128 + 20 * Math.sin((i / rate) * 440 * 2 * Math.PI));
  return URL.createObjectURL(new Blob([view], { type: "audio/wav" }));
}
