import type { DiagnosedResult } from '../model/report';

/** The effect of taking changes back on a history that breaks with them. */
export type Outcome =
  /** The history is compatible. */
  | 'mended'
  /** It still breaks, but only at a later event. */
  | 'later'
  | 'broken';

/** Compares the result of a history with that of its replay without some changes. */
export function outcomeOf(now: DiagnosedResult, without: DiagnosedResult | undefined): Outcome {
  if (!without) return 'broken';
  if (without.verdict === 'compatible') return 'mended';
  if (now.verdict !== 'incompatible' && now.verdict !== 'drifted') return 'broken';
  if (without.verdict === 'drifted' && now.verdict === 'incompatible') return 'later';
  if (without.verdict !== 'incompatible' && without.verdict !== 'drifted') return 'broken';
  const [at, later] = [eventOf(now), eventOf(without)];
  return at !== null && later !== null && later > at ? 'later' : 'broken';
}

/** Returns the event at which a history breaks. */
export const eventOf = ({ divergence, drift }: DiagnosedResult): number | null =>
  divergence?.eventId ?? drift[0]?.eventId ?? null;

const RANK: Readonly<Record<Outcome, number>> = { mended: 2, later: 1, broken: 0 };

/** Returns the worse of several outcomes. */
export const worst = (outcomes: readonly Outcome[]): Outcome =>
  outcomes.reduce((a, b) => (RANK[a] <= RANK[b] ? a : b), 'mended' as Outcome);

export const isAtLeast = (outcome: Outcome, other: Outcome): boolean => RANK[outcome] >= RANK[other];
