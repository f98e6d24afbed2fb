import type { LocalActivityResult } from './local-activity-marker';

/** The results of local activities whose markers were found by looking ahead, in their order (`local_acts.rs`). */
export class LocalActivityData {
  private results: LocalActivityResult[] = [];

  add(result: LocalActivityResult): void {
    this.results.push(result);
  }

  /** Returns the number of the activity whose result comes next; null if none does. */
  get nextSeq(): number | null {
    return this.results[0]?.seq ?? null;
  }

  /** Removes and returns the first result of an activity; null if there is none. */
  take(seq: number): LocalActivityResult | null {
    const index = this.results.findIndex((result) => result.seq === seq);
    return index === -1 ? null : this.results.splice(index, 1)[0]!;
  }
}
