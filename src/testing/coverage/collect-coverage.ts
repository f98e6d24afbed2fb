import vm from 'node:vm';
import type { FileCoverageData } from 'istanbul-lib-coverage';
import { addHitsByPlace, type ToSource } from '../../coverage/add-hits';
import { hitsDirectory, writeHits } from '../../coverage/workflow-hits';
import { isTemporalReplayError } from '../../errors';
import { notify } from '../framework/warn';
import type { RunnerCoverage } from './runner-coverage';
import type { TestWorker } from '../connection/test-worker';

type Collected = Record<string, FileCoverageData & { inputSourceMap?: object }>;

const HINT =
  "workflow code is not in this coverage report. It needs jest with coverageProvider 'babel' or with our preset, or vitest with the plugin of temporal-replay/vitest, and files that the runner's settings don't leave out.";

/** Suffix of the path under which hits are kept for a file that the runner has no counters for. The report maps them to the file. */
const ASIDE = '?temporal-workflow';

let hasHinted = false;

/**
 * Takes the coverage of an environment's workflows and hands it to the test runner, if that collects coverage: by files, if its
 * main process adds them to the report, or else by jest's own counters.
 */
export async function collectCoverage(
  testWorker: Pick<TestWorker, 'channel'>,
  runner: RunnerCoverage | null,
): Promise<void> {
  if (!runner) return;
  const hits = await testWorker.channel.request('coverage', {}).catch(nullIfGone);
  if (!hits) return;
  const directory = hitsDirectory();
  if (directory === undefined) return runner === 'jest' ? addToJestCoverage(hits) : hint();
  // Files that jest has loaded are in its report, which the hits are added to.
  if (runner === 'jest') for (const file of Object.keys(hits)) await canLoad(file);
  await writeHits(directory, hits);
}

/**
 * Adds the hits of workflow code to jest's own counters, so that its report has one entry for a file whose code ran inside and
 * outside of the sandbox. A file that jest is configured to leave out stays out.
 *
 * @param workflowCode istanbul's coverage by path, mapped to the source
 */
async function addToJestCoverage(workflowCode: Readonly<Record<string, unknown>>): Promise<void> {
  const globals = globalThis as { __coverage__?: Collected };
  for (const [file, value] of Object.entries(workflowCode)) {
    const hits = value as FileCoverageData;
    const isUnloadable = !globals.__coverage__?.[file] && !(await canLoad(file));
    const own = globals.__coverage__?.[file];
    if (own) addHitsByPlace(own, hits, toSourceOf(own));
    else if (isUnloadable) (globals.__coverage__ ??= {})[file + ASIDE] = aside(hits);
  }
  // Jest has instrumented no file, so its coverage provider is another one.
  if (globals.__coverage__ === undefined) hint();
}

/** Returns null if the test worker has exited: its test has failed with that already. */
function nullIfGone(err: unknown): null {
  if (isTemporalReplayError(err) && err.code === 'TEST_WORKER_GONE') return null;
  throw err;
}

/**
 * Loads a file as tests do, and returns false if jest cannot load it. `import` and `require` are jest's own here, and its counters
 * for an ES module differ from those for the same file as CommonJS. Counters exist from the first statement on, even if a later
 * one throws. Without its flag jest has no ES modules, and outside of tests and hooks it loads nothing.
 */
async function canLoad(file: string): Promise<boolean> {
  try {
    if ('SyntheticModule' in vm) await import(file);
    else require(file);
    return true;
  } catch (err) {
    return !/ES Module|import statement outside|outside of the scope of the test code/.test(String(err));
  }
}

function toSourceOf({ inputSourceMap }: Collected[string]): ToSource {
  if (!inputSourceMap) return (position) => position;
  const { TraceMap, originalPositionFor, LEAST_UPPER_BOUND } =
    require('@jridgewell/trace-mapping') as typeof import('@jridgewell/trace-mapping');
  const map = new TraceMap(inputSourceMap as never);
  return (position) => {
    const before = originalPositionFor(map, position);
    // The next mapping counts if nothing before the position is mapped on its line, as in istanbul.
    const { line, column } =
      before.line === null ? originalPositionFor(map, { ...position, bias: LEAST_UPPER_BOUND }) : before;
    return line === null ? null : { line, column };
  };
}

/** Adds a source map from each position to itself, so that the report merges the hits by position with its other counters. */
function aside(hits: FileCoverageData): Collected[string] {
  const ranges = [
    ...Object.values(hits.statementMap),
    ...Object.values(hits.fnMap).flatMap(({ decl, loc }) => [decl, loc]),
    ...Object.values(hits.branchMap).flatMap(({ loc, locations }) => [loc, ...locations]),
  ];
  const places = ranges.flatMap(({ start, end }) => [start, end]).filter(({ line }) => line !== undefined);
  const mappings = Array.from({ length: Math.max(0, ...places.map(({ line }) => line)) }, (_, index) =>
    [...new Set(places.filter(({ line }) => line === index + 1).map(({ column }) => column))]
      .sort((a, b) => a - b)
      .map((column) => [column, 0, index, column]),
  );
  const inputSourceMap = { version: 3, sources: [hits.path], names: [], mappings };
  return { ...hits, path: hits.path + ASIDE, inputSourceMap };
}

function hint(): void {
  if (hasHinted) return;
  hasHinted = true;
  notify(HINT);
}
