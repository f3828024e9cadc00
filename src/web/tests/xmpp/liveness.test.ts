import { setImmediate } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { connection, log, online, server, until } from "./connected.ts";

describe("a connection that is silent", () => {
  it("is asked after a minute, and given up 15 seconds later", async () => {
    await online();
    vi.advanceTimersByTime(50_000);
    server.attentive = false;
    vi.advanceTimersByTime(24_999);
    expect(connection.status).toBe("online");
    vi.advanceTimersByTime(1);
    expect(log.at(-1)).toBe("waiting: no sign of life");
  });

  it("stays when it answers", async () => {
    await online();
    for (let i = 0; i < 60; i++) {
      vi.advanceTimersByTime(10_000);
      await setImmediate();
      await setImmediate();
    }
    expect(log).toEqual(["connecting", "online"]);
  });

  it("is doubted after a sleep and after a nudge", async () => {
    for (const wake of [
      () => {
        connection.nudge();
      },
      () => {
        // Time passes, and no timer runs.
        vi.setSystemTime(Date.now() + 8 * 3_600_000);
      },
      () => {
        // The clock was years ahead, and is put right.
        vi.setSystemTime(Date.now() - 3 * 365 * 86_400_000);
      },
    ]) {
      if (connection.status === "stopped") await online();
      server.attentive = false;
      wake();
      for (let i = 0; i < 15 && connection.status === "online"; i++) vi.advanceTimersByTime(1_000);
      expect(log.at(-1)).toBe("waiting: no sign of life");
      server.attentive = true;
      connection.nudge();
      await until(() => connection.status === "online");
    }
  });
});
