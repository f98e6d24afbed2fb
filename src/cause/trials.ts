import type { HistorySource } from '../model/history';
import type { DiagnosedReport, DiagnosedResult } from '../model/report';
import type { FileHunk } from '../model/cause';
import { type Outcome, eventOf, outcomeOf, worst } from './outcome';
import { textsBefore } from './revert';
import type { Traits } from './units';

/** Results with the same difference, whose cause is sought. */
export interface CauseSubject extends Traits {
  fingerprint: string;
  members: readonly DiagnosedResult[];
}

/** Everything that the search for causes needs of a run. */
export interface CauseTrials {
  /** Aborted when the time for the search is over, or when the run is aborted. */
  signal: AbortSignal;
  /** Replays histories against code in which texts stand in for those of files, by their absolute paths. */
  replayWith(
    texts: ReadonlyMap<string, string>,
    histories: readonly HistorySource[],
  ): Promise<DiagnosedReport>;
  /** Returns the histories of results that are still at hand. */
  historiesOf(results: readonly DiagnosedResult[]): HistorySource[];
}

/** Number of histories that stand for those with the same difference. */
const REPRESENTATIVES = 2;

/** Thrown when the time for the search is over. */
export class OutOfTime extends Error {}

/** Replays without some changes, each set of changes at most once for each subject. */
export class ReplaysWithout {
  private readonly known = new Map<string, Outcome>();

  constructor(
    private readonly trials: CauseTrials,
    private readonly textOf: (file: string) => string | null,
    /** Changes that are taken back along with others of their file. */
    private readonly companions: readonly FileHunk[] = [],
  ) {}

  /**
   * Returns the effect that taking changes back has on the histories of a subject. The histories of the other subjects are
   * replayed along with them, since their turn will come.
   *
   * @throws OutOfTime
   */
  async outcome(
    subject: CauseSubject,
    hunks: readonly FileHunk[],
    others: readonly CauseSubject[] = [],
  ): Promise<Outcome> {
    const known = this.knownOutcome(subject, hunks);
    if (known) return known;
    const due = [...new Set([subject, ...others])].filter((each) => !this.knownOutcome(each, hunks));
    const results = await this.replay(due, hunks);
    for (const each of due) {
      const outcomes = sampleOf(each).map((now) => outcomeOf(now, results.get(now.file)));
      this.known.set(keyOf(each, hunks), worst(outcomes));
    }
    return this.knownOutcome(subject, hunks)!;
  }

  readonly knownOutcome = (subject: CauseSubject, hunks: readonly FileHunk[]): Outcome | undefined =>
    this.known.get(keyOf(subject, hunks));

  private async replay(
    subjects: readonly CauseSubject[],
    hunks: readonly FileHunk[],
  ): Promise<ReadonlyMap<string, DiagnosedResult>> {
    const { signal, historiesOf, replayWith } = this.trials;
    if (signal.aborted) throw new OutOfTime();
    const files = hunks.map(({ file }) => file);
    const along = this.companions.filter((hunk) => files.includes(hunk.file));
    const texts = textsBefore([...new Set([...hunks, ...along])], this.textOf);
    if (texts === null) return new Map();
    const due = historiesOf(subjects.flatMap(sampleOf));
    const results = await replayWith(texts, due).then(
      (report) => report.results,
      () => [],
    );
    if (signal.aborted) throw new OutOfTime();
    return new Map(results.map((result) => [result.file, result]));
  }
}

const keyOf = ({ fingerprint }: CauseSubject, hunks: readonly FileHunk[]): string => {
  const places = hunks.map(({ file, line, count }) => `${file}:${line}:${count}`);
  return [fingerprint, ...places.sort()].join('\n');
};

/** Returns the first history by name and that which breaks soonest. */
function sampleOf({ members }: CauseSubject): DiagnosedResult[] {
  const sorted = [...members].sort((a, b) => (a.file < b.file ? -1 : 1));
  const soonest = sorted.reduce((a, b) => ((eventOf(b) ?? Infinity) < (eventOf(a) ?? Infinity) ? b : a));
  return [...new Set([sorted[0]!, soonest, ...sorted])].slice(0, REPRESENTATIVES);
}
