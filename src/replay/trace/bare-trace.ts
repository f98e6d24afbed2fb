import type { DifferenceKind, ReplayTrace } from '../../model/diagnosis';
import { firstLineOf, messageParts } from '../../model/message';
import { ownFaultParts } from '../../model/own-fault';
import type { SourceLocation } from '../../model/source';
import type { HistoryResult } from '../../model/verdict';

const KIND_BY_CODE: Readonly<Record<string, DifferenceKind>> = {
  UNKNOWN_WORKFLOW_TYPE: 'unknown-type',
  BUNDLE_FAILED: 'bundle',
  TIMEOUT: 'endless',
  PROCESS_DIED: 'died',
  PAYLOAD_NOT_DECODED: 'undecoded',
  HISTORY_REFUSED: 'unreadable',
  CORE_PANIC: 'unreplayed',
  REPLAY_FAILED: 'unreplayed',
  INTERNAL_ERROR: 'internal',
};

const HEADLINES: Partial<Record<DifferenceKind, string>> = {
  endless: 'the replay did not end',
  died: 'the replay process died',
  bundle: 'the workflow code cannot be loaded',
};

/** The part of a trace that a comparison of commands fills in, empty. */
export const EMPTY_TRACE = {
  recorded: null,
  produced: null,
  ownWait: null,
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
  undecoded: null,
  brokenOffBy: null,
} satisfies Omit<ReplayTrace, 'kind' | 'headline' | 'isOpen'>;

/**
 * Returns the trace of a history without commands to compare: its code did not run, or did not end. `stoppedAt` is where the
 * code was when it was stopped, the innermost call first; empty if that is not known.
 */
export function bareTrace(
  result: Pick<HistoryResult, 'verdict' | 'error'>,
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

/**
 * Returns the trace of a history whose second pass broke off by an error of this package: the verdict stands, without the
 * place and the commands.
 */
export function brokenOffTrace(
  result: Pick<HistoryResult, 'verdict' | 'error' | 'divergence'>,
  isOpen: boolean,
  err: unknown,
): ReplayTrace {
  const bare = bareTrace(result, isOpen);
  const brokenOffBy = ownFaultParts('', err).errorType;
  if (result.error) return { ...bare, brokenOffBy };
  if (result.verdict === 'drifted')
    return {
      ...bare,
      kind: 'drift',
      headline: messageParts({ own: 'other content than recorded' }),
      brokenOffBy,
    };
  const at = result.divergence ? ` at event ${result.divergence.eventId}` : '';
  const own = `the commands differ${at}, and the diagnosis broke off:`;
  return { ...bare, kind: 'internal', headline: ownFaultParts(own, err), brokenOffBy };
}
