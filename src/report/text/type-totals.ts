import type { DiagnosedResult } from '../../model/report';
import { type Verdict, judgesCode } from '../../model/verdict';

/** Sums over the histories of one workflow type. */
export interface TypeTotals {
  /** Name of the type; null for histories without one. */
  type: string | null;
  histories: number;
  open: number;
  events: number;
  /** Distinct shapes of the histories that say something about the code; null if a report of an earlier version has none. */
  shapes: Set<string> | null;
  durationMs: number;
  /** Number of histories of each verdict that occurs. */
  verdicts: Map<Verdict, number>;
}

/** Returns the totals of each workflow type, in the order in which the types first occur. */
export function typeTotals(results: readonly DiagnosedResult[]): TypeTotals[] {
  const all = new Map<string | null, TypeTotals>();
  for (const { workflowType: type, verdict, verifiedEvents, isOpen, events, shape, durationMs } of results) {
    const totals = all.get(type) ?? emptyTotals(type);
    all.set(type, totals);
    totals.histories++;
    if (isOpen) totals.open++;
    totals.events += events;
    totals.durationMs += durationMs;
    totals.verdicts.set(verdict, (totals.verdicts.get(verdict) ?? 0) + 1);
    if (!judgesCode(verdict) || verifiedEvents === 0) continue;
    if (shape === undefined) totals.shapes = null;
    else totals.shapes?.add(shape);
  }
  return [...all.values()];
}

/** Returns the totals of a workflow type without a history. */
export const emptyTotals = (type: string | null): TypeTotals => ({
  ...{ type, histories: 0, open: 0, events: 0, durationMs: 0 },
  shapes: new Set(),
  verdicts: new Map(),
});
