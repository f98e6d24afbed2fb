import { resolve } from 'node:path';
import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import {
  type HistorySource,
  isClusterFile,
  labelOfHistory,
  namespaceOfClusterFile,
} from '../../model/history';
import type { HistoryResult } from '../../model/verdict';
import type { Replayed, Setup } from '../../replay/setup';
import { contentHash } from '../../util/content-hash';
import { readRegularFileNow } from '../../util/read-regular-file';
import type { ResultKeys } from './result-keys';
import { type KeptResult, ResultStore, holdsResults } from './result-store';

/** Number of sources that are looked up between two turns of the event loop. */
const SOURCES_PER_TURN = 50;

export interface KeptResultsContext {
  /** Directory of the results. */
  directory: string;
  /** Directory that the paths of history files are relative to. */
  cwd: string;
  /** Returns the keys of results, or null if none can be kept. */
  keysOf(setup: Setup): ResultKeys | null;
  signal: AbortSignal | undefined;
}

interface OpenStore {
  keys: ResultKeys;
  store: ResultStore;
}

/** A source whose results may be kept: its hash, and its results in the order of its histories. */
interface NewSource {
  hash: string;
  results: Replayed[];
}

/**
 * Replays the histories that may have another result than in an earlier run, and yields the results of all. Those of an earlier run
 * have `cached`. Only results that pass are kept, for each source as a whole.
 *
 * @param replay replays sources, which may be all of them; not called if there is nothing to replay
 */
export async function* replayNew(
  sources: AsyncIterable<HistorySource>,
  setup: Promise<Setup>,
  { directory, cwd, keysOf, signal }: KeptResultsContext,
  replay: (sources: AsyncIterable<HistorySource>, about: { areAll: boolean }) => AsyncIterable<Replayed>,
): AsyncGenerator<Replayed> {
  // Without results, nothing has to wait for the bundles.
  const mayKnow = holdsResults(directory);
  const hits: Replayed[] = [];
  const hashes = new Map<string, string>();
  let opened: Promise<OpenStore | null> | null = null;
  const keysAndStore = (): Promise<OpenStore | null> =>
    (opened ??= setup.then((built) => {
      const keys = keysOf(built);
      return keys && { keys, store: new ResultStore(directory, keys.ofRun) };
    }));
  async function* unknown(): AsyncGenerator<HistorySource> {
    const known = mayKnow ? await keysAndStore() : null;
    let count = 0;
    for await (const source of sources) {
      // Files are read without a turn of the event loop, in which signals and results are seen.
      if (count++ % SOURCES_PER_TURN === 0) await turnOfEventLoop();
      const hash = hashOfSource(source, cwd);
      const kept = hash === null || known === null ? null : await keptResults(hash, known);
      if (kept) {
        known!.store.use(hash!);
        hits.push(...kept.map((result, index) => asResultOf(source, index, result)));
        continue;
      }
      if (hash !== null) hashes.set(source.file, hash);
      yield source;
    }
  }
  const due = unknown();
  const first = await due.next();
  const fresh = new Map<string, NewSource>();
  if (!first.done)
    for await (const replayed of replay(startingWith(first.value, due), { areAll: !mayKnow })) {
      while (hits.length > 0) yield hits.shift()!;
      const { file } = replayed.result.history ?? replayed.result;
      const hash = hashes.get(file);
      if (replayed.engine?.disagrees) hashes.delete(file);
      else if (hash !== undefined && replayed.isRecheck !== true)
        fresh.set(file, { hash, results: [...(fresh.get(file)?.results ?? []), replayed] });
      yield replayed;
    }
  while (hits.length > 0) yield hits.shift()!;
  // A run that ends early may lack results of a source.
  const known = signal?.aborted ? null : await keysAndStore();
  if (known)
    await keep(
      [...fresh].flatMap(([file, source]) => (hashes.has(file) ? [source] : [])),
      known,
    );
}

/** Returns a hash of the history and of what its file says beside it, or null if there is nothing to hash. */
function hashOfSource({ file, bytes }: HistorySource, cwd: string): string | null {
  try {
    const content = bytes ?? readRegularFileNow(resolve(cwd, file));
    const namespace = isClusterFile(file) ? (namespaceOfClusterFile(file) ?? '') : '';
    return contentHash(`${namespace}\n${contentHash(content)}`);
  } catch {
    return null;
  }
}

/** Returns the results of a source if they are still those of the code. */
async function keptResults(hash: string, { keys, store }: OpenStore): Promise<readonly KeptResult[] | null> {
  const results = await store.find(hash);
  const isCurrent = ({ code, result }: KeptResult): boolean => code === codeKey(result, keys);
  return results?.every(isCurrent) ? results : null;
}

/** Returns the hash of the code that counts for a result. Drift is shown with its places. */
const codeKey = (
  { verdict, workflowType }: Pick<HistoryResult, 'verdict' | 'workflowType'>,
  keys: ResultKeys,
): string => (verdict === 'drifted' ? keys.ofPlaces : keys.ofCode(workflowType!));

function asResultOf({ file }: HistorySource, index: number, { result, trace }: KeptResult): Replayed {
  const history = { file, index };
  return {
    result: { file: labelOfHistory(history), history, ...result, durationMs: 0, cached: true },
    ...(trace && { trace }),
  };
}

async function* startingWith(
  first: HistorySource,
  rest: AsyncIterable<HistorySource>,
): AsyncGenerator<HistorySource> {
  yield first;
  yield* rest;
}

async function keep(fresh: readonly NewSource[], { keys, store }: OpenStore): Promise<void> {
  for (const { hash, results } of fresh) {
    const inOrder = [...results].sort(
      (a, b) => (a.result.history?.index ?? 0) - (b.result.history?.index ?? 0),
    );
    if (inOrder.every(isKeepable))
      store.add(
        hash,
        inOrder.map((replayed) => asKept(replayed, keys)),
      );
  }
  await store.save();
}

/** Returns true for a result that passes and of which nothing else is to be said. */
const isKeepable = (
  { result: { verdict, workflowType }, isolationFault, sharedChange, ambiguity }: Replayed,
  index: number,
  all: readonly Replayed[],
): boolean =>
  (verdict === 'compatible' || verdict === 'drifted') &&
  workflowType !== null &&
  !isolationFault &&
  !sharedChange &&
  !ambiguity &&
  (all[index]!.result.history?.index ?? 0) === index;

function asKept({ result, trace }: Replayed, keys: ResultKeys): KeptResult {
  const { file: _, history: __, ...kept } = result;
  return { code: codeKey(result, keys), result: kept, ...(trace && { trace }) };
}
