import type { DiagnosedReport, DiagnosedResult } from '../model/report';
import type { Screen } from './screen';

/** The environment of a run, as far as a reporter depends on it. */
export interface ReporterContext {
  /** Absolute path that relative files of the report are relative to. */
  cwd: string;
  env: Readonly<NodeJS.ProcessEnv>;
  /** True if drift fails the run. @default false */
  isStrict?: boolean;
  /** True if failures in which recorded runs were stuck already fail the run. @default false */
  failOnExisting?: boolean;
}

/**
 * A way to show a run. Every method is optional. A reporter only shows: verdicts and diagnoses are made before, and values that
 * are to stay hidden are no longer in what it is given.
 */
export interface Reporter {
  /** Called once before anything is bundled, with the names of the projects; empty if they have none. */
  onBegin?(projects: readonly string[]): void;
  /** Called with each result. `total` is null while histories are still being listed. */
  onResult?(result: DiagnosedResult, progress: { done: number; total: number | null }): void;
  /** Called once after the last result, before suggested changes are tried, which can take seconds. */
  onReplayed?(): void;
  /** Called once with the whole report. */
  onEnd?(report: DiagnosedReport): void | Promise<void>;
}

export type ReporterFactory = (screen: Screen, context: ReporterContext) => Reporter;

/** Parts of a run that a reporter shows and that a run does not collect by default. */
export interface ReporterNeeds {
  /** The timeline of each history that is not compatible. */
  timelines?: boolean;
  /** The address of the Temporal UI. */
  temporalUi?: boolean;
}

/** A row of the table of reporters: how a reporter is opened, and what the rest of a run depends on. */
export interface ReporterDefinition {
  open: ReporterFactory;
  /**
   * Reader of the reporter's standard output. A `person` may read other text between its lines; a `program` needs the output
   * whole; a `runner` picks out its own commands, so it shares standard output with a person.
   */
  reader: 'person' | 'program' | 'runner';
  needs?: ReporterNeeds;
  /** Returns true if a run that names no reporter uses this one. */
  isDefault?: (env: Readonly<NodeJS.ProcessEnv>) => boolean;
}
