import { isDeepStrictEqual } from 'node:util';
import { type Remedy, type RemedyTrial, hasPassedTrial } from '../../model/diagnosis';

type PassedTrial = Extract<RemedyTrial, { outcome: 'passed' }>;

/**
 * Returns the remedies of a cause that several runs have found. Code stays only if it passed its trial in all of these runs: a run tries
 * it on its own histories alone.
 */
export function mergeRemedies(main: readonly Remedy[], others: readonly (readonly Remedy[])[]): Remedy[] {
  const merged = main.map((remedy) =>
    remedy.trial === null
      ? remedy
      : mergeRemedy(
          remedy,
          others.map((remedies) => remedies.find(({ code }) => code === remedy.code)),
        ),
  );
  const lost = merged.filter((remedy, i) => hasPassedTrial(main[i]!) && !hasPassedTrial(remedy));
  // Code comes before words, as in each of the runs.
  return [...merged.filter((remedy) => !lost.includes(remedy)), ...lost];
}

function mergeRemedy(remedy: Remedy, others: readonly (Remedy | undefined)[]): Remedy {
  const all = [remedy, ...others];
  if (all.every((each) => each !== undefined && isSameChange(each, remedy)))
    return { ...remedy, trial: totalOf(all.map((each) => each!.trial as PassedTrial)) };
  const failed = all.some((each) => each?.trial?.outcome === 'failed');
  const untried = all.find((each) => each?.trial?.outcome === 'untried')?.trial;
  const { diff: _, ...words } = { ...remedy, snippet: null, edits: [] };
  return {
    ...words,
    trial: failed
      ? { outcome: 'failed', tried: triedIn(all) }
      : (untried ?? { outcome: 'untried', reason: 'parts' }),
  };
}

const triedIn = (all: readonly (Remedy | undefined)[]): number =>
  Math.max(1, ...all.map((each) => (each?.trial?.outcome === 'failed' ? each.trial.tried : 0)));

const isSameChange = (a: Remedy, b: Remedy): boolean =>
  hasPassedTrial(a) && isDeepStrictEqual(a.edits, b.edits);

function totalOf(trials: readonly PassedTrial[]): PassedTrial {
  const sum = (of: (trial: PassedTrial) => number): number =>
    trials.reduce((all, trial) => all + of(trial), 0);
  return {
    outcome: 'passed',
    mended: sum(({ mended }) => mended),
    unchanged: sum(({ unchanged }) => unchanged),
    newRun: trials.every(({ newRun }) => newRun === 'same') ? 'same' : 'unplayed',
  };
}
