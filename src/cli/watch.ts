import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { TemporalReplayError, isTemporalReplayError } from '../errors';
import type { HistorySource } from '../model/history';
import type { FlagArgs } from '../options/flags';
import { replayOptionsOf } from '../options/merge';
import type { Settings } from '../options/read-settings';
import { pretty } from '../report/reporters/pretty';
import { paintFor } from '../report/text/paint';
import type { Screen } from '../report/screen';
import { historiesInFiles } from '../run/history-sources';
import { type FailedRound, type WatchRound, watchHistories } from '../run/watch/watch';
import { unlessAborted } from '../util/unless-aborted';
import { abortOnSignals, interrupt } from './terminal/signals';

type WatchArgs = FlagArgs<'replay' | 'run'>;

/** Runs `replay run --watch` until `q`, Ctrl-C or SIGTERM. Returns the exit code 0, which a signal replaces. */
export async function watch(args: WatchArgs, { config, cwd }: Settings, screen: Screen): Promise<number> {
  const paths = config.histories;
  refuseUnwatchable(args, paths);
  const stop = new AbortController();
  const release = endOnKey(() => stop.abort());
  const signal = AbortSignal.any([abortOnSignals(), stop.signal]);
  const rounds = watchHistories({
    replay: replayOptionsOf(config),
    cwd,
    historyPaths: paths.map((path) => watchedPath(resolve(cwd, path))),
    listHistories: lister(paths, cwd, signal),
    signal,
  });
  try {
    const showRounds = async (): Promise<void> => {
      for await (const round of rounds) show(round, cwd, screen);
    };
    // A round may be in a build, which cannot be stopped.
    await unlessAborted(showRounds, signal, () => undefined);
  } catch (err) {
    // The user ended the watch during the search for histories.
    if (!signal.aborted || !isTemporalReplayError(err) || err.code !== 'ABORTED') throw err;
  } finally {
    release();
  }
  return 0;
}

/** Refuses what cannot be watched: only files can be, and only the terminal shows rounds. @throws USAGE */
function refuseUnwatchable(args: WatchArgs, paths: readonly string[]): void {
  const isOtherReporter = args.reporter?.some((spec) => spec !== 'pretty') || args.output !== undefined;
  const refused: readonly (readonly [isGiven: boolean, what: string])[] = [
    [args.query !== undefined, '--query'],
    [paths.includes('-'), 'standard input'],
    [isOtherReporter, 'another reporter than pretty'],
    [args.changedSince !== undefined, '--changed-since'],
    [args.coverage || args.coverageDir !== undefined, '--coverage'],
  ];
  const [, what] = refused.find(([isGiven]) => isGiven) ?? [];
  if (what === undefined) return;
  throw new TemporalReplayError('USAGE', `--watch cannot be combined with ${what}.`, {
    hint: 'It watches files, and shows each round on the terminal.',
  });
}

/** Returns the path to watch for a path or a glob: a glob is watched from the directory above its first wildcard. */
function watchedPath(path: string): string {
  if (existsSync(path)) return path;
  const literal = path.slice(0, path.search(/[*?[{(!]|$/));
  return literal.slice(0, Math.max(literal.lastIndexOf('/'), literal.lastIndexOf('\\'))) || '/';
}

/** Returns a function that lists the histories. The first list must not be empty; a later one may be. */
function lister(paths: readonly string[], cwd: string, signal: AbortSignal): () => Promise<HistorySource[]> {
  let isFirst = true;
  return async () => {
    try {
      return await historiesInFiles(paths, cwd, signal);
    } catch (err) {
      if (isFirst || !isTemporalReplayError(err) || err.code !== 'NO_HISTORIES') throw err;
      return [];
    } finally {
      isFirst = false;
    }
  };
}

/** Calls `end` for `q` and Ctrl-C on a terminal, whose keys send no signals in raw mode. Returns a function that stops it. */
function endOnKey(end: () => void): () => void {
  const { stdin } = process;
  if (!stdin.isTTY) return () => undefined;
  const onKey = (key: Buffer): void => {
    if (key.toString() === 'q') end();
    if (key[0] === 3) interrupt('SIGINT');
  };
  stdin.setRawMode(true).resume().on('data', onKey);
  return () => {
    stdin.off('data', onKey).setRawMode(false).pause();
  };
}

const SHOWN_PATHS = 3;

function show(round: WatchRound | FailedRound, cwd: string, screen: Screen): void {
  const paint = paintFor(screen.color);
  const changed = round.changed.slice(0, SHOWN_PATHS).map((path) => relative(cwd, path));
  const more = round.changed.length - changed.length;
  const time = new Date().toLocaleTimeString('en-GB');
  const what =
    changed.length === 0 ? 'watching' : `${changed.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  screen.print([paint.dim(`── ${time}  ${what}`), '']);
  if ('error' in round) {
    const { message, hint, code } = round.error;
    screen.print([paint.red(`${message} [${code}]`), ...(hint ? [hint] : []), '']);
    return;
  }
  if (round.report.results.length === 0) screen.print(['No history is affected.', '']);
  else pretty(screen, { cwd, env: process.env }).onEnd?.(round.report) as void;
  const counts = [
    ...(round.fixed.length > 0 ? [paint.green(`${round.fixed.length} fixed`)] : []),
    ...(round.broken.length > 0 ? [paint.red(`${round.broken.length} new`)] : []),
    round.failing === 0
      ? paint.green(`none of ${round.histories} fails`)
      : paint.red(`${round.failing} of ${round.histories} fail`),
  ];
  const key = process.stdin.isTTY ? paint.dim('  q ends') : '';
  screen.print([`${counts.join(', ')}${key}`, '']);
}
