import type { FailureGroup } from '../../model/diagnosis';
import { styleOf, type VerdictStyle } from './verdict-style';

/** Returns the level of a group: `note` if the baseline accepts all of it, else the level of its verdict. */
export const levelOf = (group: FailureGroup): VerdictStyle['level'] =>
  isAccepted(group) ? 'note' : styleOf(group.verdict).level;

/** Returns true if the baseline accepts every result of the group. */
export const isAccepted = ({ acceptedCount, count }: FailureGroup): boolean => acceptedCount === count;
