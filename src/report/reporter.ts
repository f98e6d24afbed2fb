import type { HistoryResult, RunReport } from '../model';

/** Where a reporter writes: the report to `out`, what passes by (progress) to `err`. */
export interface Screen {
  out(text: string): void;
  err(text: string): void;
  /** Whether `err` is a terminal: only there is a live line of use. */
  isTerminal: boolean;
  color: boolean;
}

/** One way of showing a run; every method is optional. A reporter only shows: verdicts are made before. */
export interface Reporter {
  /** `total` is null while histories are still being listed. */
  onResult?(result: HistoryResult, progress: { done: number; total: number | null }): void;
  onEnd?(report: RunReport): void;
}

export type ReporterFactory = (screen: Screen) => Reporter;
