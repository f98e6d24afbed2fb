import type { EngineCounts } from '../../model/engine';

/** Returns the lines that say which engine replayed the histories of a run, and why core replayed those that it did. */
export function engineLines(
  { screened, byCore, sampled, unsure }: EngineCounts,
  sampleSeed: number,
): string[] {
  const reasons = Object.entries(unsure).sort(([, a], [, b]) => b - a);
  return [
    `Engine: ${screened} by the screen (${sampled} checked by core, sample seed ${sampleSeed}), ${byCore} by core.`,
    ...reasons.map(([reason, count]) => `  ${count} × ${reason}`),
  ];
}
