import type { DiagnosedReport } from '../../model/report';
import { failsRun, type Verdict } from '../../model/verdict';
import type { ProjectOptions } from '../../options/types';
import { replaySubject } from '../histories/replay-subject';
import { replayText } from '../text/replay-text';
import type { HistoryMatcher, MatcherResult } from './matcher';
import { readSubject } from './subject';

/** Which code replays it. @default that of the open test environment, else that of replay.config */
export type ReplayCode = ProjectOptions & {
  /** Drift fails as well. */
  strict?: boolean;
};

/** Whether the current workflow code goes through a history as it was recorded. */
export const toReplay: HistoryMatcher = async function (received, { strict, ...code }: ReplayCode = {}) {
  const passes = (verdict: Verdict): boolean => !failsRun(verdict, { strict: strict ?? false });
  return judged(received, code, passes, 'to replay');
};

/** Whether a replay ends with this verdict. */
export const toReplayWith: HistoryMatcher = async function (
  received,
  { verdict, ...code }: { verdict: Verdict } & ProjectOptions,
) {
  return judged(received, code, (found) => found === verdict, `to replay with the verdict ${verdict}`);
};

async function judged(
  received: unknown,
  code: ProjectOptions,
  passes: (verdict: Verdict) => boolean,
  expected: string,
): Promise<MatcherResult> {
  const subject = await readSubject(received);
  const report = await replaySubject(subject, code);
  const { verdict } = report.results[0]!;
  const pass = passes(verdict);
  return {
    pass,
    message: () =>
      `Expected ${subject.label} ${pass ? 'not ' : ''}${expected}; it is ${verdict}.\n\n${textOf(report)}`,
  };
}

const textOf = (report: DiagnosedReport): string => replayText(report, process.cwd());
