/** So far from where it stood, somebody has set this device's clock, or it slept (milliseconds). */
const SET = 60_000;

/** This device's clock, against one that nobody sets. */
const lead = (): number => Date.now() - performance.now();

/** The server's time, told by the clock of this device, which may be wrong by years and put right at any moment. */
export class Clock {
  /** The server's less ours. */
  offset = 0;
  private lead = lead();
  private asking = false;

  /** @param ask The server's clock less ours, as it is now. */
  constructor(private readonly ask: () => Promise<number>) {}

  async sync(): Promise<void> {
    const before = lead();
    this.offset = await this.ask();
    this.lead = before;
  }

  now(): number {
    if (Math.abs(lead() - this.lead) > SET && !this.asking) {
      this.asking = true;
      const asked = () => void (this.asking = false);
      this.sync().then(asked, asked);
    }
    return Math.round(Date.now() + this.offset);
  }
}
