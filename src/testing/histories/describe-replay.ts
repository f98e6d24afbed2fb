import { relative } from 'node:path';
import { TemporalReplayError } from '../../errors';
import type { DiagnosedReport, DiagnosedResult } from '../../model/report';
import { type FailureOptions, resultFailsRun } from '../../model/verdict';
import type { ReplayConfig } from '../../options/types';
import { namesWorkflowCode } from '../../options/workflow-code';
import { testApi } from '../framework/test-api';
import { byWorkflowType, historyFilesIn, type HistoryFiles } from './history-files';
import { partOfReport } from '../../run/part-of-report';
import { replaySubjectFiles } from './replay-subject';
import { replayText } from '../text/replay-text';

/** Options of the replay, as in replay.config. That file is read if these options name no workflow code. */
export interface DescribeReplayOptions extends Omit<
  ReplayConfig,
  'histories' | 'fetch' | 'reporter' | 'output' | 'hideValues'
> {
  /** Files, directories or globs with histories. @default 'histories' */
  histories?: string | readonly string[];
  /** Registers a test for each history instead of one for each workflow type. @default false */
  perHistory?: boolean;
  /** Directory that relative paths start from. @default process.cwd() */
  cwd?: string;
}

/** Time limit for all histories together; a single replay is limited by the option `timeout`. */
const RUN_TIMEOUT_MS = 30 * 60_000;

/**
 * Registers tests that replay histories against the current workflow code: one for each workflow type, or one for each history.
 * The histories of all selected tests are replayed together in replay processes, before the first of the tests runs.
 */
export function describeReplay(name: string, options: DescribeReplayOptions = {}): void {
  const { histories = 'histories', perHistory = false, cwd = process.cwd(), ...config } = options;
  const { describe, test, beforeAll } = testApi();
  const paths = typeof histories === 'string' ? [histories] : histories;
  const files = historyFilesIn(paths, cwd);
  const groups = perHistory ? eachAlone(files, cwd) : byWorkflowType(files, cwd);
  describe(name, () => {
    if (groups.length === 0) {
      test('has histories', () => {
        throw new TemporalReplayError('NO_HISTORIES', `There are no histories in ${paths.join(', ')}.`);
      });
      return;
    }
    let report: DiagnosedReport;
    beforeAll(async (selected) => {
      const due = groups.filter((group) => selected?.has(titleOf(group, perHistory)) ?? true);
      const dueFiles = due.flatMap((group) => group.files);
      report = await replaySubjectFiles({ files: dueFiles, config: configOf(config), cwd });
    }, RUN_TIMEOUT_MS);
    for (const group of groups)
      test(titleOf(group, perHistory), () => check(report, group, { ...config, cwd }));
  });
}

const eachAlone = (files: readonly string[], cwd: string): HistoryFiles[] =>
  files.map((file) => ({ name: relative(cwd, file), files: [file] }));

const titleOf = ({ name, files }: HistoryFiles, perHistory: boolean): string =>
  perHistory ? name : `${name} (${files.length} ${files.length === 1 ? 'history' : 'histories'})`;

/** Returns the config if it names code; null stands for replay.config. */
function configOf(config: ReplayConfig): ReplayConfig | null {
  return namesWorkflowCode(config) || config.projects ? config : null;
}

/** @throws NOT_COMPATIBLE with the diagnosis */
function check(
  report: DiagnosedReport,
  { files }: HistoryFiles,
  { cwd, ...options }: { cwd: string } & FailureOptions,
): void {
  const isOfGroup = ({ history, file }: DiagnosedResult): boolean => files.includes(history?.file ?? file);
  const part = withRelativeFiles(partOfReport(report, isOfGroup), cwd);
  const passes = (result: DiagnosedResult): boolean =>
    result.accepted !== undefined || !resultFailsRun(result, options);
  if (part.results.length > 0 && part.results.every(passes)) return;
  const failed = part.results.filter((result) => !passes(result)).length;
  throw new TemporalReplayError(
    'NOT_COMPATIBLE',
    `${failed} of ${part.results.length} histories do not replay against the current workflow code.\n\n${replayText(part, cwd)}`,
  );
}

function withRelativeFiles(report: DiagnosedReport, cwd: string): DiagnosedReport {
  const shown = <T extends { file: string }>(of: T): T => ({ ...of, file: relative(cwd, of.file) });
  const groups = report.groups.map((group) => ({ ...group, examples: group.examples.map(shown) }));
  return { ...report, results: report.results.map(shown), groups };
}
