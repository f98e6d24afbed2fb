import type { ComparisonRow } from '../../src/model/diagnosis';

/** Returns a row of a comparison of recorded and produced commands. */
export const comparisonRow = (
  op: ComparisonRow['op'],
  eventId: number | null,
  recorded: string | null,
  produced: string | null,
  isDivergence = false,
): ComparisonRow => ({ op, eventId, recorded, produced, isDivergence });
