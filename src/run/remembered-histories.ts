import { type HistorySource, holdsOneHistory } from '../model/history';
import type { DiagnosedResult } from '../model/report';
import { canFailRun } from '../model/verdict';

/** Size of the histories that passed and are in memory, in bytes, up to which they are kept. */
const KEPT_PASSED_BYTES = 64 * 1024 * 1024;

/** The histories of a run by the names of their files, so that some of them can be replayed once more. */
export class RememberedHistories {
  private readonly sources = new Map<string, HistorySource>();
  private passedBytes = 0;

  /** Passes histories on, and remembers them. */
  async *remember(sources: AsyncIterable<HistorySource>): AsyncGenerator<HistorySource> {
    for await (const source of sources) {
      this.sources.set(source.file, source);
      yield source;
    }
  }

  /** Forgets the history of a result that passed if too much memory is taken by such histories. */
  settle({ verdict, file }: DiagnosedResult): void {
    const bytes = this.sources.get(file)?.bytes?.length ?? 0;
    // Standard input can hold more histories than this one.
    if (bytes === 0 || canFailRun(verdict) || !holdsOneHistory(file)) return;
    if (this.passedBytes + bytes > KEPT_PASSED_BYTES) this.sources.delete(file);
    else this.passedBytes += bytes;
  }

  /** Returns the histories of results, each once. A file with several histories is returned as a whole. */
  of(results: readonly DiagnosedResult[]): HistorySource[] {
    const found = results.map(({ history, file }) => this.sources.get(history?.file ?? file));
    return [...new Set(found.filter((source) => source !== undefined))];
  }
}
