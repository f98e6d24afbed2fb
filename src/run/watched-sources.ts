import type { HistorySource } from '../model/history';

/** The histories of a run, and the error that ended them early, which fails the run only after the others are reported. */
export class WatchedSources {
  private failure: { error: unknown } | null = null;

  /** Passes histories on. An error after the first of them ends them. @throws an error before the first */
  async *watch(sources: AsyncIterable<HistorySource>): AsyncGenerator<HistorySource> {
    let isFirst = true;
    try {
      for await (const source of sources) {
        yield source;
        isFirst = false;
      }
    } catch (error) {
      if (isFirst) throw error;
      this.failure = { error };
    }
  }

  get areIncomplete(): boolean {
    return this.failure !== null;
  }

  /** @throws the error that ended the histories early, if one did */
  check(): void {
    if (this.failure) throw this.failure.error;
  }
}
