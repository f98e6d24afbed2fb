import type { DiagnosedReport } from '../../model/report';
import { failsRun, type Verdict } from '../../model/verdict';
import type { ProjectOptions } from '../../options/types';
import { harmlessText } from '../../util/harmless-text';
import { replaySubject } from '../histories/replay-subject';
import { replayText } from '../text/replay-text';
import type { HistoryMatcher, MatcherResult } from './matcher';
import { readSubject } from './subject';

/** The workflow code to replay with. @default the code of the open test environment, or else that of replay.config */
export type ReplayCode = ProjectOptions & {
  /** Fails for the verdict `drifted` too. */
  strict?: boolean;
};

/** Passes if the current workflow code replays a history. */
export const toReplay: HistoryMatcher = async function (received, { strict, ...code }: ReplayCode = {}) {
  const passes = (verdict: Verdict): boolean => !failsRun(verdict, { strict: strict ?? false });
  return judged(received, code, passes, 'to replay');
};

/** Passes if the replay of a history has this verdict. */
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
      harmlessText(
        `Expected ${subject.label} ${pass ? 'not ' : ''}${expected}; it is ${verdict}.\n\n${textOf(report)}`,
      ),
  };
}

const textOf = (report: DiagnosedReport): string => replayText(report, process.cwd());
