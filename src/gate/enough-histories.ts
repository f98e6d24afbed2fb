import { TemporalReplayError } from '../errors';
import type { RunReport } from '../model/report';
import type { ReplayOptions } from '../options/types';

/**
 * Refuses a report of too few histories, so that a gate never passes by accident. The report of a shard may have few or none: this is
 * for `replay merge` to judge.
 *
 * @throws NO_HISTORIES, TOO_FEW_HISTORIES, MISSING_TYPES
 */
export function requireEnoughHistories(
  { summary, results, shard }: RunReport,
  { minHistories = 1, requireTypes = [] }: Pick<ReplayOptions, 'minHistories' | 'requireTypes'>,
): void {
  if (shard) return;
  if (summary.histories === 0)
    throw new TemporalReplayError('NO_HISTORIES', 'There are no histories to replay.');
  if (summary.histories < minHistories)
    throw new TemporalReplayError(
      'TOO_FEW_HISTORIES',
      `There are ${summary.histories} histories, and --min-histories asks for ${minHistories}.`,
    );
  const there = new Set(results.map((result) => result.workflowType));
  const missing = requireTypes.filter((type) => !there.has(type));
  if (missing.length > 0)
    throw new TemporalReplayError(
      'MISSING_TYPES',
      `No history covers the required types ${missing.join(', ')}.`,
    );
}
