import { resolve } from 'node:path';
import { bundleProject } from '../bundle/bundle-project';
import { TemporalReplayError, isTemporalReplayError, messageOf } from '../errors';
import { decodeHistories } from '../history/decode';
import { describeCodeFailure } from '../model/code-failure';
import type { HistorySource } from '../model/history';
import { type ResolvedReplayOptions, resolveReplayOptions } from '../options/resolve';
import type { ReplayConfig } from '../options/types';
import { readRegularFile } from '../util/read-regular-file';
import { prepareProject } from '../worker-options/prepare-project';
import { startReplay } from './run';
import { useSdkOfProjects } from './sdk-of-projects';

/** One step of a run, as it was tried. */
export interface RehearsedStep {
  step: 'worker' | 'code' | 'history' | 'replay';
  /** The project, or the file of the history. */
  of: string;
  /** The outcome, in a few words. */
  outcome: string;
  /** The fault that stands in the way of a run; null if there is none. */
  problem: string | null;
}

/** Number of files in which a history of each project is looked for. */
const MAX_FILES = 200;
/** Codes of results that are about the workflow code, which a run is there to find. */
const ABOUT_CODE: readonly string[] = [
  ...['WORKFLOW_TASK_FAILED', 'WORKFLOW_FAILED', 'UNKNOWN_WORKFLOW_TYPE', 'TIMEOUT'],
];

/**
 * Does in small what a run does: makes the worker of each project with its converters and plugins, bundles the code, and replays one
 * history of each, for which its payloads are decoded.
 *
 * @throws CONFIG_INVALID, PACKAGE_MISSING, SDK_TOO_OLD, DUPLICATE_PACKAGES, ABORTED
 */
export async function* rehearse(
  config: ReplayConfig,
  { sources, cwd, signal }: { sources: readonly HistorySource[]; cwd: string; signal: AbortSignal },
): AsyncGenerator<RehearsedStep> {
  const { baseline: _, changedSince: __, coverage: ___, histories: ____, ...options } = config;
  const resolved = resolveReplayOptions(options, cwd);
  useSdkOfProjects(resolved.projects, cwd);
  const typesOf = new Map<string, readonly string[]>();
  for (const project of resolved.projects) {
    for await (const { types, ...step } of rehearseCode(project, resolved)) {
      if (types) typesOf.set(project.name, types);
      yield step;
    }
  }
  if (typesOf.size < resolved.projects.length) return;
  const chosen = await historyOfEach(typesOf, sources, cwd);
  for (const [name] of typesOf)
    if (!chosen.has(name))
      yield {
        step: 'history',
        of: name,
        outcome: 'no history of its workflow types was found',
        problem: null,
      };
  // One history may be of types of several projects.
  const histories = [...new Set(chosen.values())];
  if (histories.length > 0) yield* rehearseReplay({ ...options, histories, cwd, signal });
}

type Step = RehearsedStep & { types?: readonly string[] };

async function* rehearseCode(
  project: ResolvedReplayOptions['projects'][number],
  { cache, cacheDir }: ResolvedReplayOptions,
): AsyncGenerator<Step> {
  const of = project.name;
  let prepared: Awaited<ReturnType<typeof prepareProject>>;
  try {
    prepared = await prepareProject(project);
    yield { step: 'worker', of, outcome: 'its worker, converters and plugins load', problem: null };
  } catch (err) {
    yield { step: 'worker', of, outcome: 'its worker cannot be made', problem: problemOf(err) };
    return;
  }
  try {
    const bundle = await bundleProject(prepared.source, { cache, cacheDir });
    if ('failure' in bundle)
      yield {
        step: 'code',
        of,
        outcome: 'its workflow code cannot be bundled',
        problem: describeCodeFailure(bundle.failure),
      };
    else
      yield {
        step: 'code',
        of,
        outcome: `its workflow code is bundled, with ${bundle.workflowTypes.length} workflow type${bundle.workflowTypes.length === 1 ? '' : 's'}`,
        problem: null,
        types: bundle.workflowTypes,
      };
  } catch (err) {
    yield { step: 'code', of, outcome: 'its bundle cannot be made', problem: problemOf(err) };
  }
}

/** Returns a source with a history of a workflow type of each project, by the project's name. */
async function historyOfEach(
  typesOf: ReadonlyMap<string, readonly string[]>,
  sources: readonly HistorySource[],
  cwd: string,
): Promise<Map<string, HistorySource>> {
  const chosen = new Map<string, HistorySource>();
  for (const source of sources.slice(0, MAX_FILES)) {
    if (chosen.size === typesOf.size) break;
    const types = await typesIn(source, cwd);
    for (const [name, known] of typesOf)
      if (!chosen.has(name) && known.some((type) => types.has(type))) chosen.set(name, source);
  }
  return chosen;
}

/** Returns the workflow types of the histories in a file; none if it cannot be read, which a run reports. */
async function typesIn({ file, bytes }: HistorySource, cwd: string): Promise<Set<string>> {
  const types = new Set<string>();
  const content = bytes ?? (await readRegularFile(resolve(cwd, file)).catch(() => null));
  if (content === null) return types;
  for (const { history } of decodeHistories({ file, bytes: content })) {
    const name = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowType?.name;
    if (name) types.add(name);
  }
  return types;
}

/** Replays until each source has a result: a file can hold thousands of histories. */
async function* rehearseReplay(
  options: Omit<ReplayConfig, 'histories'> & {
    histories: readonly HistorySource[];
    cwd: string;
    signal: AbortSignal;
  },
): AsyncGenerator<RehearsedStep> {
  const waiting = new Set(options.histories.map(({ file }) => file));
  try {
    for await (const { file, history, verdict, error } of startReplay({
      ...options,
      histories: [...options.histories],
    })) {
      waiting.delete(history?.file ?? file);
      const isAboutCode = error === undefined || ABOUT_CODE.includes(error.code);
      const problem = isAboutCode ? null : `${error.message} [${error.code}]`;
      yield { step: 'replay', of: file, outcome: `replays as ${verdict}`, problem };
      if (waiting.size === 0) break;
    }
  } catch (err) {
    yield { step: 'replay', of: 'the histories', outcome: 'cannot be replayed', problem: problemOf(err) };
  }
  if (options.signal.aborted) throw new TemporalReplayError('ABORTED', 'The rehearsal was aborted.');
}

/** Returns the text of an error with its hint. An error of the machinery itself is a problem too, never a verdict. */
const problemOf = (err: unknown): string =>
  isTemporalReplayError(err) ? `${err.message} [${err.code}] ${err.hint}`.trim() : messageOf(err);
