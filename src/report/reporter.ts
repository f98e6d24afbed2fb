import type { DiagnosedReport, DiagnosedResult } from '../model/report';

/** Where a reporter writes: the report to `out`, what passes by (progress) to `err`. */
export interface Screen {
  out(text: string): void;
  err(text: string): void;
  /** Whether `err` is a terminal: only there is a live line of use. */
  isTerminal: boolean;
  color: boolean;
  /** Columns of the terminal that `out` is; undefined where it is none. */
  columns?: number;
  /** Columns of the terminal that `err` is; undefined where it is none. */
  errColumns?: number;
  /** Whether the terminal that `out` is makes links of OSC 8 sequences. */
  hyperlinks?: boolean;
}

/** What a reporter may want to know of where it runs. */
export interface ReporterContext {
  /** Absolute; relative files of the report are relative to it. */
  cwd: string;
  env: Readonly<NodeJS.ProcessEnv>;
  /** Whether drift fails the run. @default false */
  isStrict?: boolean;
}

/**
 * One way of showing a run; every method is optional. A reporter only shows: verdicts and diagnoses are made before, and
 * values that are to stay hidden are no longer in what it is given.
 */
export interface Reporter {
  /** `total` is null while histories are still being listed. */
  onResult?(result: DiagnosedResult, progress: { done: number; total: number | null }): void;
  onEnd?(report: DiagnosedReport): void | Promise<void>;
}

export type ReporterFactory = (screen: Screen, context: ReporterContext) => Reporter;

/** Parts of a run that a reporter shows and that a run does not collect by default. */
export interface ReporterNeeds {
  /** The timeline of each history that is not compatible. */
  timelines?: boolean;
}

/** An entry of the registry: how a reporter is opened, and what the rest of a run must know about it. */
export interface ReporterDefinition {
  open: ReporterFactory;
  /**
   * Reader of the reporter's standard output. A `person` may read other text between its lines; a `program` needs the output
   * whole; a `runner` picks out its own commands, so it shares standard output with a person.
   */
  reader: 'person' | 'program' | 'runner';
  needs?: ReporterNeeds;
}
