import { type PatchReport, type PatchRow, type PatchRuns, canAdvance } from '../../model/patches';
import type { CodePatchCall } from './code-patches';
import { heldBackIn, holdingKind, movesOnAt, stageOf } from './patch-stage';
import type { PatchCounts } from './patch-tally';

/** Returns the row of a patch. @param calls its calls in the code; empty if the code has none */
export function patchRow(
  id: string,
  calls: readonly CodePatchCall[],
  counts: PatchCounts,
  {
    retentionMs,
    isOfCorpus,
  }: { retentionMs: number | null; /** True if no cluster was looked at. */ isOfCorpus: boolean },
): PatchRow {
  const functions = new Set(calls.map(({ call }) => call));
  const kind = holdingKind(functions);
  const { open, closed, corpus, pinned, lastClosedAtMs } = counts;
  // Histories of a corpus show that a patch is deployed, and never that no run needs it.
  const facts = {
    calls: functions,
    closed,
    othersWithMarker: pinned.live + pinned.deprecated + counts.bothWays + counts.beforeMarker,
  };
  const stage = isOfCorpus
    ? stageOf({ ...facts, open: { ...corpus, unknown: corpus.unknown + 1 } })
    : stageOf({ ...facts, open });
  const held = { open: heldBackIn(open, kind), closed: heldBackIn(closed, kind), corpus: corpus[kind] };
  const lastClosed = Math.max(lastClosedAtMs[kind] ?? 0, lastClosedAtMs.unknown ?? 0);
  const isHeldByClosed = stage !== 'new';
  const at = isHeldByClosed
    ? movesOnAt({ ...held, lastClosedAtMs: lastClosed > 0 ? lastClosed : null }, retentionMs)
    : null;
  const found = {
    ...{ id, stage, workflowTypes: typesOf(calls), open, closed, corpus, heldBackBy: held, movesOnAt: at },
    calls: calls.map(({ file, line, column, call, workflowTypes }) => ({
      ...{ file, line, column, call, workflowTypes },
    })),
    pinned: totalOf(pinned),
    histories: counts.histories[kind] ?? [],
    wrongUses: [],
  };
  return { ...found, next: isOfCorpus ? 'ask the cluster' : nextOf(found) };
}

const typesOf = (calls: readonly CodePatchCall[]): string[] =>
  [...new Set(calls.flatMap(({ workflowTypes }) => workflowTypes))].sort();

const totalOf = (runs: PatchRuns): number =>
  Object.values(runs).reduce((sum: number, one: number) => sum + one, 0);

/** Returns what to do with a patch, as a short instruction. */
function nextOf({ id, stage, heldBackBy, movesOnAt: at, closed, open }: Omit<PatchRow, 'next'>): string {
  const date = at?.slice(0, 10) ?? null;
  const held = runsText(heldBackBy);
  switch (stage) {
    case 'new':
      return 'deploy it';
    case 'live':
      return `keep it: ${held} need the old branch`;
    case 'old runs closed':
      return date === null ? `keep it: ${held} can still be queried` : `wait until ${date}`;
    case 'deprecatable':
    case 'removable':
      return `replay patches advance ${id}`;
    case 'deprecated':
      if (heldBackBy.open + heldBackBy.closed === 0)
        return open.notReached + closed.notReached === 0 ? 'deploy it' : 'keep it until a run has come to it';
      return heldBackBy.open === 0 && date !== null ? `wait until ${date}` : `keep it: ${held} need it`;
    case 'gone but needed':
      if (heldBackBy.open + heldBackBy.closed === 0) return 'delete its histories: no run needs it any more';
      return `put deprecatePatch('${id}') back: ${held} need it`;
  }
}

function runsText({ open, closed }: PatchRow['heldBackBy']): string {
  const parts = [...(open > 0 ? [`${open} open`] : []), ...(closed > 0 ? [`${closed} closed`] : [])];
  return `${parts.join(' and ')} ${open + closed === 1 ? 'run' : 'runs'}`;
}

/** Returns true if the code of a patch can be changed now. */
export const canAnyAdvance = ({ patches }: PatchReport): boolean =>
  patches.some(({ stage }) => canAdvance(stage));
