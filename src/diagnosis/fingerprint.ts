import { createHash } from 'node:crypto';
import type { ReplayTrace } from '../model/diagnosis';
import type { SourceLocation } from '../model/source';
import type { HistoryResult } from '../model/verdict';

/**
 * Returns the fingerprint of a cause, the same from run to run and from machine to machine. It is a hash of the difference,
 * the commands and the source place, without ids and line numbers, since code above the place may grow. If no place is
 * known, the workflow type stands for it. A call that comes too early is one cause, whether the history has it later
 * (moved) or not (added).
 */
export function fingerprintOf(
  result: HistoryResult,
  trace: ReplayTrace,
  place: { location: SourceLocation | null; lineText: string | null },
): string {
  const parts = [
    result.verdict,
    ...subjectOf(result, trace),
    ...placeParts(trace, place, result.workflowType),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/**
 * Returns the parts that stand for the place. A missing command has no line of its own, and the line before it depends on
 * the branches that a run took. For a missing patch the same holds for the function, and its id is enough. The place in an
 * endless loop depends on the moment at which it was stopped.
 */
function placeParts(
  { kind, recorded }: ReplayTrace,
  { location, lineText }: { location: SourceLocation | null; lineText: string | null },
  workflowType: string | null,
): string[] {
  if (kind === 'removed' && recorded?.kind === 'patch') return [];
  // Code that does not build, and payloads that cannot be decoded, are one cause for all types.
  if (kind === 'bundle' || kind === 'undecoded') return [];
  if (!location || kind === 'endless') return [workflowType ?? ''];
  const { file, function: name } = location;
  return [file, name ?? '', kind === 'removed' ? '' : (lineText ?? '').trim()];
}

function subjectOf(result: HistoryResult, trace: ReplayTrace): string[] {
  const { kind, recorded, produced } = trace;
  if (produced && produced.at.length > 0 && kind !== 'removed') return ['produced', nameOf(produced)];
  switch (kind) {
    case 'removed':
      return [kind, nameOf(recorded)];
    case 'drift':
      return [kind, pathOf(result)];
    case 'bundle':
      return [kind, result.error?.parts.own ?? ''];
    case 'undecoded':
      return [kind, trace.undecoded?.step ?? ''];
    case 'threw':
    case 'unreplayed':
    case 'unknown-type':
    case 'endless':
    case 'died':
    case 'unreadable':
    case 'internal':
      return [kind, result.error?.code ?? '', result.error?.parts.errorType ?? ''];
    default:
      return [kind, nameOf(recorded), nameOf(produced)];
  }
}

const nameOf = (command: ReplayTrace['recorded']): string =>
  command === null ? '' : `${command.kind} ${hasOwnName(command.kind) ? (command.name ?? '') : ''}`;

/** Timers are named by a number and the targets of some commands by an id, which are not part of a cause. */
const hasOwnName = (kind: string): boolean =>
  !['timer', 'timerCancel', 'activityCancel', 'externalCancel', 'updateAccepted', 'updateCompleted'].includes(
    kind,
  );

/** Leaves out indexes: `input[0].items[3].sku` is the same drift for every item. */
const pathOf = ({ drift }: HistoryResult): string => (drift[0]?.path ?? '').replace(/\[\d+\]/g, '[]');
