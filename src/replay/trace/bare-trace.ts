import type { DifferenceKind, ReplayTrace } from '../../model/diagnosis';
import { firstLineOf, messageParts } from '../../model/message';
import type { SourceLocation } from '../../model/source';
import type { HistoryResult } from '../../model/verdict';

const KIND_BY_CODE: Readonly<Record<string, DifferenceKind>> = {
  UNKNOWN_WORKFLOW_TYPE: 'unknown-type',
  BUNDLE_FAILED: 'bundle',
  TIMEOUT: 'endless',
  CORE_PANIC: 'died',
  PROCESS_DIED: 'died',
};

const HEADLINES: Partial<Record<DifferenceKind, string>> = {
  endless: 'the replay did not end',
  died: 'the replay process died',
  bundle: 'the workflow code cannot be loaded',
};

/** All of a trace that a comparison of commands finds out, where there was none. */
export const EMPTY_TRACE = {
  recorded: null,
  produced: null,
  isShared: [],
  removed: [],
  added: [],
  before: null,
  instead: null,
  endsWorkflow: false,
  returnedAt: [],
  failureType: null,
  thrownAt: [],
  driftedAt: [],
  stoppedAt: [],
  hasSourceMap: true,
  rows: [],
} satisfies Omit<ReplayTrace, 'kind' | 'headline' | 'isOpen'>;

/**
 * The trace of a history whose commands could not be looked at: its code did not run, or did not come back. `stoppedAt` is
 * where it was then, innermost call first, as far as that is known.
 */
export function bareTrace(
  result: HistoryResult,
  isOpen: boolean,
  stoppedAt: readonly SourceLocation[] = [],
): ReplayTrace {
  const kind =
    result.verdict === 'invalid' ? 'unreadable' : (KIND_BY_CODE[result.error?.code ?? ''] ?? 'threw');
  return {
    kind,
    headline:
      kind in HEADLINES
        ? messageParts({ own: HEADLINES[kind]! })
        : firstLineOf(result.error?.parts ?? messageParts({})),
    isOpen,
    ...EMPTY_TRACE,
    stoppedAt: [...stoppedAt],
  };
}
