import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { byPatchStage } from '../advice/patch-stage';
import { tryRemedies, untriedGroups } from '../advice/try-remedies';
import { ModuleMemory } from '../bundle/module-memory';
import type { SourceOverlay } from '../bundle/source-overlay';
import { type CauseTrials, findCauses } from '../cause/find-causes';
import { relativeFile } from '../source/relative-location';
import { inProjectStyle, snippetOf } from '../patching/project-style';
import { readTextFile } from '../util/read-text-file';
import type { FoundCause } from '../model/cause';
import type { DifferenceKind, FailureGroup, ProposedGroup, RemedyChange } from '../model/diagnosis';
import type { DiagnosedReport, DiagnosedResult } from '../model/report';
import { ReplayProcessReserve } from '../replay/pool/replay-process-reserve';
import type { BundledProject, DiagnosisNeeds, Setup } from '../replay/setup';
import type { HistorySource } from '../model/history';
import { unlessAborted } from '../util/unless-aborted';
import { makeTemporaryDirectory, removeTemporaryDirectory } from '../util/temporary-directory';
import { newRunsOf } from './new-runs';
import type { RunDiagnosis } from './run-diagnosis';
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
  /** Time limit for each history in ms, instead of that of the run. */
  timeoutMs?: number;
}

/** Time limit for each history of a trial, if some histories did not end in the run. */
const LOOP_LIMIT_MS = 2_500;

/** Share of the time for trials that the search for causes may take. */
const SHARE_OF_CAUSES = 0.5;

/** Finds the changes behind failures, tries the remedies of the groups, and returns these with the code that passed. */
export async function advise(
  diagnosis: RunDiagnosis,
  report: DiagnosedReport,
  { projects }: Pick<Setup, 'projects'>,
  { cwd, timeoutMs, signal, histories, replay }: AdviceContext,
): Promise<FailureGroup[]> {
  if (timeoutMs === 0) return untriedGroups(await diagnosis.group(), 'off');
  const aborted = signal ? [signal] : [];
  let bundleDir: string;
  try {
    bundleDir = makeTemporaryDirectory('advice');
  } catch {
    // A full disk says nothing about the remedies.
    return untriedGroups(await diagnosis.group(), 'error');
  }
  const shared = {
    memory: new ModuleMemory(),
    reserve: new ReplayProcessReserve(),
    signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...aborted]),
  };
  const causesSignal = AbortSignal.any([AbortSignal.timeout(timeoutMs * SHARE_OF_CAUSES), ...aborted]);
  const limits = { signal: causesSignal, ...(hasLoops(report) && { timeoutMs: LOOP_LIMIT_MS }) };
  const historiesOf = (results: readonly DiagnosedResult[]): HistorySource[] => histories.of(results);
  let groups: ProposedGroup[] = [];
  try {
    const causes = await unlessAborted(
      () =>
        causesOf(diagnosis, report, projects, {
          signal: causesSignal,
          historiesOf,
          replayWith: (texts, due) => replay(due, { texts, bundleDir }, { ...shared, ...limits }),
        }),
      signal,
      () => new Map<string, FoundCause>(),
    );
    groups = await diagnosis.group(causes);
    if (causesSignal.aborted && !signal?.aborted) groups = groups.map(withCutSearch);
    if (!groups.some(({ remedies }) => remedies.some(({ edits }) => edits.length > 0)))
      return untriedGroups(groups, 'time');
    const trials = (): Promise<FailureGroup[]> =>
      tryRemedies(groups, report, {
        cwd,
        signal: shared.signal,
        historiesOf,
        newRunOf: newRunsOf(
          (texts, due) => replay(due, texts.size === 0 ? null : { texts, bundleDir }, shared, 'new-run'),
          historiesOf,
        ),
        inStyle: (change) => inStyle(change, cwd),
        typesOf: (files) => typesOf(files, projects),
        replayWith: (texts, due) => replay(due, { texts, bundleDir }, shared),
      });
    // The build of a trial cannot be stopped.
    const tried = await unlessAborted(trials, signal, () => untriedGroups(groups, 'time'));
    return byPatchStage(tried, report);
  } catch {
    return untriedGroups(groups, 'error');
  } finally {
    shared.reserve.close();
    await removeTemporaryDirectory(bundleDir);
  }
}

/** Returns a change in the style of the service. Paths of files are relative to `cwd`. */
async function inStyle(change: RemedyChange, cwd: string): Promise<RemedyChange> {
  const absolute = change.edits.map((edit) => ({ ...edit, file: resolve(cwd, edit.file) }));
  const styled = await inProjectStyle(absolute, readTextFile);
  if (isDeepStrictEqual(styled, absolute)) return change;
  const edits = styled.map((edit) => ({ ...edit, file: relativeFile(edit.file, cwd) }));
  return { snippet: snippetOf(edits), edits };
}

/** Kinds of difference that are looked at without git. */
const WITHOUT_CAUSE: readonly DifferenceKind[] = [
  ...(['bundle', 'endless', 'died', 'undecoded', 'unreplayed', 'unreadable', 'internal'] as const),
];

/** Adds to a group without a cause that the time of the search was over: another run may find it. */
const withCutSearch = (group: ProposedGroup): ProposedGroup =>
  group.cause !== null || WITHOUT_CAUSE.includes(group.kind)
    ? group
    : { ...group, locationNote: [group.locationNote, CUT_SEARCH].filter(Boolean).join(' ') };

const CUT_SEARCH =
  'The change behind it was not found in the time of --advice-timeout. Raise it, or run `replay fix`, which takes more.';

const hasLoops = ({ results }: DiagnosedReport): boolean =>
  results.some(({ verdict }) => verdict === 'timeout');

/** Returns the changes of the code that make histories break, by the fingerprint of the difference. */
async function causesOf(
  diagnosis: RunDiagnosis,
  { changedSince }: DiagnosedReport,
  projects: readonly BundledProject[],
  trials: CauseTrials,
): Promise<ReadonlyMap<string, FoundCause>> {
  const inputs = [...new Set(projects.flatMap((project) => project.inputs))];
  const since = changedSince?.commit ?? null;
  try {
    return await findCauses(await diagnosis.causeSubjects(), { inputs, since }, trials);
  } catch {
    // Without a cause, the place is the call.
    return new Map();
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
