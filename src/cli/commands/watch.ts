import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import colors from 'picocolors';
import { TemporalReplayError, isTemporalReplayError } from '../../errors';
import { loadHistories } from '../../history/load';
import type { HistorySource } from '../../model/history';
import { pretty } from '../../report/reporters/pretty';
import { oneLine } from '../../report/text/printable';
import type { Screen } from '../../report/reporter';
import { type WatchRound, watchHistories } from '../../run/watch/watch';
import { abortOnSignals } from '../terminal/abort-on-signals';
import type { RunArgs, Settings } from './run';

/** `replay run --watch`: ends on `q`, Ctrl-C or SIGTERM, with 0. */
export async function watch(
  args: RunArgs,
  settings: Settings,
  paths: string[],
  screen: Screen,
): Promise<number> {
  refuseWhatCannotBeWatched(args, paths);
  const { config, cwd } = settings;
  const abort = abortOnSignals();
  const stop = new AbortController();
  const release = endOnKey(() => stop.abort());
  const signal = AbortSignal.any([abort.signal, stop.signal]);
  const rounds = watchHistories({
    replay: config,
    cwd,
    historyPaths: paths.map((path) => watchedPath(resolve(cwd, path))),
    listHistories: lister(paths, cwd, signal),
    signal,
  });
  try {
    for await (const round of rounds) show(round, cwd, screen);
  } catch (err) {
    // It ended while it looked for histories.
    if (!signal.aborted || !isTemporalReplayError(err) || err.code !== 'ABORTED') throw err;
  } finally {
    release();
  }
  return 0;
}

function refuseWhatCannotBeWatched(args: RunArgs, paths: readonly string[]): void {
  const refused =
    args.query !== undefined
      ? '--query'
      : paths.includes('-')
        ? 'standard input'
        : (args.reporter?.some((spec) => spec !== 'pretty') ?? false) || args.output !== undefined
          ? 'another reporter than pretty'
          : args.changedSince !== undefined
            ? '--changed-since'
            : args.coverage || args.coverageDir !== undefined
              ? '--coverage'
              : null;
  if (refused !== null)
    throw new TemporalReplayError('USAGE', `--watch cannot be combined with ${refused}.`, {
      hint: 'It watches files, and shows each round on the terminal.',
    });
}

/** A glob is watched from the directory above its first wildcard. */
function watchedPath(path: string): string {
  if (existsSync(path)) return path;
  const literal = path.slice(0, path.search(/[*?[{(!]|$/));
  return literal.slice(0, Math.max(literal.lastIndexOf('/'), literal.lastIndexOf('\\'))) || '/';
}

/** At the start there must be histories; later the last one may go for a while. */
function lister(paths: string[], cwd: string, signal: AbortSignal): () => Promise<HistorySource[]> {
  let isFirst = true;
  return async () => {
    const found: HistorySource[] = [];
    try {
      for await (const source of loadHistories({ paths, cwd, signal })) found.push(source);
    } catch (err) {
      if (isFirst || !isTemporalReplayError(err) || err.code !== 'NO_HISTORIES') throw err;
    }
    isFirst = false;
    return found;
  };
}

/** `q` and Ctrl-C on a terminal; elsewhere there are only signals. */
function endOnKey(end: () => void): () => void {
  const { stdin } = process;
  if (!stdin.isTTY) return () => undefined;
  const onKey = (key: Buffer): void => {
    if (key.toString() === 'q' || key[0] === 3) end();
  };
  stdin.setRawMode(true).resume().on('data', onKey);
  return () => {
    stdin.off('data', onKey).setRawMode(false).pause();
  };
}

const SHOWN_PATHS = 3;

function show(round: WatchRound, cwd: string, screen: Screen): void {
  const paint = colors.createColors(screen.color);
  const changed = round.changed.slice(0, SHOWN_PATHS).map((path) => oneLine(relative(cwd, path)));
  const more = round.changed.length - changed.length;
  const time = new Date().toLocaleTimeString('en-GB');
  const what =
    changed.length === 0 ? 'watching' : `${changed.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  screen.out(`${paint.dim(`── ${time}  ${what}`)}\n\n`);
  if (round.report.results.length === 0) screen.out('No history is affected.\n\n');
  else pretty(screen, { cwd, env: process.env }).onEnd?.(round.report) as void;
  const counts = [
    ...(round.fixed.length > 0 ? [paint.green(`${round.fixed.length} fixed`)] : []),
    ...(round.broken.length > 0 ? [paint.red(`${round.broken.length} new`)] : []),
    round.failing === 0
      ? paint.green(`none of ${round.histories} fails`)
      : paint.red(`${round.failing} of ${round.histories} fail`),
  ];
  const key = process.stdin.isTTY ? paint.dim('  q ends') : '';
  screen.out(`${counts.join(', ')}${key}\n\n`);
}
