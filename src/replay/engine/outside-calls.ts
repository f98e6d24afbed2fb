/**
 * The calls of a service's codecs and storage drivers, over one history. They are no workflow code: neither their time nor their end
 * counts against it.
 */
export class OutsideCalls {
  private count = 0;
  /** The error of a call that did not end. No other call is made for the same history, since each would wait as long. */
  unanswered: Error | null = null;

  /** @param onChange called when the first call begins, and when the last one has ended */
  constructor(private readonly onChange: (areGoingOn: boolean) => void = () => undefined) {}

  /** Begins with another history. */
  reset(): void {
    this.unanswered = null;
  }

  /** Runs a call, or work that makes several of them and runs no workflow code. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    if (this.count++ === 0) this.onChange(true);
    try {
      return await work();
    } finally {
      if (--this.count === 0) this.onChange(false);
    }
  }
}
