import type { DeployAnswer, DeployCounts } from '../model/deploy';

/** The answer, with the sentences that say why it is not `yes`. */
export interface ReasonedAnswer {
  answer: DeployAnswer;
  reasons: string[];
}

/** Returns whether code can be deployed, by the numbers of open runs. One broken run is enough for `no`. */
export function answerOf(counts: DeployCounts, faults: readonly string[] = []): ReasonedAnswer {
  const { stuck, failing, unjudged, notLookedAt, triedAsNew, stuckAsNew } = counts;
  const broken = [
    ...(stuck > 0 ? [`${runs(stuck)} would be stuck.`] : []),
    ...(failing > 0 ? [`${runs(failing)} would fail for good.`] : []),
    ...(stuckAsNew > 0
      ? [`Of ${triedAsNew} pinned runs that were tried, ${stuckAsNew} would be stuck after continue-as-new.`]
      : []),
  ];
  const open = [
    ...(unjudged > 0 ? [`${runs(unjudged)} could not be judged.`] : []),
    ...(notLookedAt > 0 ? [`${runs(notLookedAt)} ${notLookedAt === 1 ? 'was' : 'were'} not looked at.`] : []),
    ...faults,
  ];
  if (broken.length > 0) return { answer: 'no', reasons: [...broken, ...open] };
  return { answer: open.length > 0 ? 'not proven' : 'yes', reasons: open };
}

const runs = (count: number): string =>
  count === 1 ? '1 open run' : `${count.toLocaleString('en-US')} open runs`;
