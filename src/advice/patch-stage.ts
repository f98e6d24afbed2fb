import { type FailureGroup, type Remedy, hasPassedTrial } from '../model/diagnosis';
import { isClusterFile } from '../model/history';
import type { DiagnosedReport } from '../model/report';

/**
 * Returns the groups with what the replayed histories say about a patch that the code has lost: if some are from before the patch, its
 * old way has to come back too. If none is, and all are runs of a cluster, `deprecatePatch()` comes first. A corpus shows some runs
 * alone, so there the way that suits all runs stays first.
 */
export function byPatchStage(
  groups: readonly FailureGroup[],
  { results }: Pick<DiagnosedReport, 'results'>,
): FailureGroup[] {
  return groups.map((group) => {
    const deprecate = group.remedies.find(isDeprecation);
    if (deprecate?.patchId === undefined) return group;
    const before = groups.filter((other) => isFromBefore(other, deprecate.patchId!));
    const count = before.reduce((sum, other) => sum + other.count, 0);
    if (count > 0) return withText(group, 'keep-patch', beforeText(count));
    const told = withText(group, 'deprecate-patch', 'No history that was replayed is from before the patch.');
    const areRuns = results.every(({ file }) => isClusterFile(file));
    return areRuns && hasPassedTrial(deprecate) ? withFirst(told, 'deprecate-patch') : told;
  });
}

const isDeprecation = ({ code }: Remedy): boolean => code === 'deprecate-patch';

/** Returns true for histories that need the old way of a patch: they have no marker that a call could find. */
const isFromBefore = ({ remedies }: FailureGroup, id: string): boolean =>
  remedies.some(({ code, patchId }) => code === 'keep-patch' && patchId === id) &&
  !remedies.some(isDeprecation);

const beforeText = (count: number): string =>
  `${count === 1 ? '1 history that was replayed is' : `${count} histories that were replayed are`} from before the patch and need its old way.`;

const withText = (group: FailureGroup, code: Remedy['code'], text: string): FailureGroup => ({
  ...group,
  remedies: group.remedies.map((remedy) =>
    remedy.code === code ? { ...remedy, text: `${remedy.text} ${text}` } : remedy,
  ),
});

const withFirst = (group: FailureGroup, code: Remedy['code']): FailureGroup => ({
  ...group,
  remedies: [
    ...group.remedies.filter((remedy) => remedy.code === code),
    ...group.remedies.filter((remedy) => remedy.code !== code),
  ],
});
