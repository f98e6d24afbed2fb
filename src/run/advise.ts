import { tryRemedies, untriedGroups } from '../advice/try-remedies';
import { ModuleMemory } from '../bundle/module-memory';
import type { SourceOverlay } from '../bundle/source-overlay';
import type { FailureGroup, ProposedGroup } from '../model/diagnosis';
import type { DiagnosedReport, DiagnosedResult } from '../model/report';
import { ReplayProcessReserve } from '../replay/pool/replay-process-reserve';
import type { BundledProject, DiagnosisNeeds, Setup } from '../replay/setup';
import type { HistorySource } from '../model/history';
import { unlessAborted } from '../util/unless-aborted';
import { makeTemporaryDirectory, removeTemporaryDirectory } from '../util/temporary-directory';
import { newRunsOf } from './new-runs';
import type { RememberedHistories } from './remembered-histories';

/** Everything that the trials of a run depend on. */
export interface AdviceContext {
  cwd: string;
  /** Time for all trials in ms; 0 for none. */
  timeoutMs: number;
  signal: AbortSignal | undefined;
  histories: RememberedHistories;
  /** Replays histories with the options of the run, against code with an overlay; null for the code as it is. */
  replay(
    histories: readonly HistorySource[],
    overlay: SourceOverlay | null,
    shared: TrialShared,
    traces?: DiagnosisNeeds['traces'],
  ): Promise<DiagnosedReport>;
}

/** State that consecutive trials share, so that each bundles and starts only what is new. */
export interface TrialShared {
  memory: ModuleMemory;
  reserve: ReplayProcessReserve;
  signal: AbortSignal;
}

/** Tries the remedies of groups, and returns the groups with the code that passed. */
export async function advise(
  groups: readonly ProposedGroup[],
  report: DiagnosedReport,
  { projects }: Pick<Setup, 'projects'>,
  { cwd, timeoutMs, signal, histories, replay }: AdviceContext,
): Promise<FailureGroup[]> {
  if (timeoutMs === 0) return untriedGroups(groups, 'off');
  if (!groups.some(({ remedies }) => remedies.some(({ edits }) => edits.length > 0)))
    return untriedGroups(groups, 'time');
  const signals = [AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])];
  let bundleDir: string;
  try {
    bundleDir = makeTemporaryDirectory('advice');
  } catch {
    // A full disk says nothing about the remedies.
    return untriedGroups(groups, 'error');
  }
  const shared = {
    memory: new ModuleMemory(),
    reserve: new ReplayProcessReserve(),
    signal: AbortSignal.any(signals),
  };
  const historiesOf = (results: readonly DiagnosedResult[]): HistorySource[] => histories.of(results);
  try {
    const trials = (): Promise<FailureGroup[]> =>
      tryRemedies(groups, report, {
        cwd,
        signal: shared.signal,
        historiesOf,
        newRunOf: newRunsOf(
          (texts, due) => replay(due, texts.size === 0 ? null : { texts, bundleDir }, shared, 'new-run'),
          historiesOf,
        ),
        typesOf: (files) => typesOf(files, projects),
        replayWith: (texts, due) => replay(due, { texts, bundleDir }, shared),
      });
    // The build of a trial cannot be stopped.
    return await unlessAborted(trials, signal, () => untriedGroups(groups, 'time'));
  } catch {
    return untriedGroups(groups, 'error');
  } finally {
    shared.reserve.close();
    await removeTemporaryDirectory(bundleDir);
  }
}

/** Returns the workflow types of the code that files are part of; null if it may be any; undefined if no project bundles them. */
function typesOf(
  files: readonly string[],
  projects: readonly BundledProject[],
): ReadonlySet<string> | null | undefined {
  const types = new Set<string>();
  for (const file of files) {
    const own = projects.filter(({ inputs }) => inputs.includes(file));
    if (own.length === 0) return undefined;
    for (const project of own) {
      const affected = 'typeInputs' in project ? project.typeInputs?.types[file] : undefined;
      if (affected === undefined) return null;
      for (const type of affected) types.add(type);
    }
  }
  return types;
}
