// How a headless Chromium of these tests is started: alone, silent, and believing the homes' own certificates.

/** @param pins the keys of the servers that it believes, and no other. */
export const chromiumWith = (...pins) => ({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    `--ignore-certificate-errors-spki-list=${pins.join(",")}`,
  ],
});

/** Chromium's own camera and microphone, without a question. */
export const fakeMedia = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"];
