// What a page costs: bytes, time, frames, memory, as Chromium itself counts them.

/** Requests and bytes as they came over the line, headers included; those of WebSockets are not among them. */
export async function meter({ context, page }) {
  const session = await context.newCDPSession(page);
  const seen = { requests: 0, bytes: 0 };
  await session.send("Network.enable");
  session.on("Network.loadingFinished", ({ encodedDataLength }) => {
    seen.requests++;
    seen.bytes += encodedDataLength;
  });
  return { session, seen };
}

/** A phone of a few years ago, on a line of 9 Mbit/s. */
export async function slow(session) {
  await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  const rate = (9 * 1e6) / 8;
  const line = { offline: false, latency: 20, downloadThroughput: rate, uploadThroughput: rate };
  await session.send("Network.emulateNetworkConditions", line);
}

/** The times between frames while something is done, in milliseconds, the shortest first. */
export async function frames(page, act) {
  await page.evaluate(() => {
    window.frameTimes = [];
    let last = performance.now();
    const tick = (now) => {
      window.frameTimes.push(now - last);
      last = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  await act();
  return (await page.evaluate(() => window.frameTimes)).sort((one, other) => one - other);
}

/** Bytes of living objects. */
export async function heapOf({ context, page }) {
  const session = await context.newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  return (await session.send("Runtime.getHeapUsage")).usedSize;
}
