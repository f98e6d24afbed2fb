import type { DiagnosedResult, ReportSummary } from '../model/report';
import { type HistoryResult, judgesCode } from '../model/verdict';
import { countVerdicts } from './count-verdicts';

type Counts = Omit<ReportSummary, 'durationMs' | 'uncoveredTypes'>;

/** The results of a run. Those that are not kept are counted alone, so that memory does not grow with their number. */
export class RunResults {
  readonly kept: DiagnosedResult[] = [];
  private readonly coveredTypes = new Set<string | null>();
  private counted: Counts = countVerdicts([]);

  constructor(private readonly keeps: (result: DiagnosedResult) => boolean = () => true) {}

  add(result: DiagnosedResult): void {
    if (judgesCode(result.verdict)) this.coveredTypes.add(result.workflowType);
    if (this.keeps(result)) this.kept.push(result);
    else this.count(result, 1);
  }

  /** Puts a result in the place of the one that the same history had before. */
  replace(before: HistoryResult, result: DiagnosedResult): void {
    const index = this.kept.findIndex(({ file }) => file === before.file);
    if (index !== -1) this.kept[index] = result;
    else {
      this.count(before, -1);
      this.kept.push(result);
    }
  }

  counts(): Counts {
    const kept = countVerdicts(this.kept);
    return Object.fromEntries(
      Object.entries(kept).map(([name, count]) => [name, count + this.counted[name as keyof Counts]]),
    ) as unknown as Counts;
  }

  /** Returns true if a history of a workflow type was judged. */
  covers = (workflowType: string): boolean => this.coveredTypes.has(workflowType);

  private count({ verdict, events }: HistoryResult, times: 1 | -1): void {
    this.counted = {
      ...this.counted,
      histories: this.counted.histories + times,
      events: this.counted.events + times * events,
      [verdict]: this.counted[verdict] + times,
    };
  }
}
