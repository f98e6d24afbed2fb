import { createHash } from 'node:crypto';
import type { ReplayTrace } from '../model/diagnosis';
import type { SourceLocation } from '../model/source';
import type { HistoryResult } from '../model/verdict';

/**
 * The same for the same cause, from run to run and from machine to machine: what differs, the commands and the source
 * place, without ids and line numbers (code above may grow). Where no place is known, the workflow type stands for it.
 * A call that comes too early is one cause whether the history goes on with it later (moved) or not (added).
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
 * What is no longer there has no line of its own: the line before it depends on the way a run took. Of a patch that is
 * gone the function does, too, and its id says enough. Nor has a loop: where it was when its time was up is chance.
 */
function placeParts(
  { kind, recorded }: ReplayTrace,
  { location, lineText }: { location: SourceLocation | null; lineText: string | null },
  workflowType: string | null,
): string[] {
  if (kind === 'removed' && recorded?.kind === 'patch') return [];
  // Code that does not build is one cause for all its types.
  if (kind === 'bundle') return [];
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
      return [kind, (result.error?.message ?? '').split(':')[0]!];
    case 'threw':
    case 'unknown-type':
    case 'endless':
    case 'died':
    case 'unreadable':
      return [kind, result.error?.code ?? '', classOf(result.error?.message ?? '')];
    default:
      return [kind, nameOf(recorded), nameOf(produced)];
  }
}

const nameOf = (command: ReplayTrace['recorded']): string =>
  command === null ? '' : `${command.kind} ${hasOwnName(command.kind) ? (command.name ?? '') : ''}`;

/** Timers go by a number and the targets of some commands by an id: neither is part of a cause. */
const hasOwnName = (kind: string): boolean =>
  !['timer', 'timerCancel', 'activityCancel', 'externalCancel', 'updateAccepted', 'updateCompleted'].includes(
    kind,
  );

/** `input[0].items[3].sku` is the same drift for every item. */
const pathOf = ({ drift }: HistoryResult): string => (drift[0]?.path ?? '').replace(/\[\d+\]/g, '[]');

const classOf = (message: string): string => /^[A-Z]\w*(?=: )/.exec(message)?.[0] ?? '';
