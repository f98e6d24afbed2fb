import type { FailureGroup } from '../../model/diagnosis';
import type { ReporterContext } from '../reporter';
import { styleOf, type VerdictStyle } from './verdict-style';

/** Returns the level of a group: `note` if none of it fails the run because it is known, else the level of its verdict. */
export const levelOf = (
  group: FailureGroup,
  { failOnExisting = false }: Pick<ReporterContext, 'failOnExisting'> = {},
): VerdictStyle['level'] => {
  const { count, acceptedCount, existingCount } = group;
  const known = acceptedCount + (failOnExisting ? 0 : existingCount);
  return known >= count ? 'note' : styleOf(group.verdict).level;
};

/** Returns true if the baseline accepts every result of the group. */
export const isAccepted = ({ acceptedCount, count }: FailureGroup): boolean => acceptedCount === count;
