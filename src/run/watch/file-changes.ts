import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type ChokidarOptions, watch as watchFiles } from 'chokidar';
import { changeTimeOf, isChangedSince } from '../../util/change-time';

/** Longest time between changes that count as one: an editor writes another file and renames it, a formatter writes again. */
const DEBOUNCE_MS = 60;
/** Longest delay of a timer in Node. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A watcher of files and directories. All paths are absolute. */
export interface FileChanges {
  /** Watches everything below these paths, new files included. Resolves once every change is noticed. */
  addTrees(paths: readonly string[]): Promise<void>;
  /**
   * Watches files that were read after the time `since` (epoch ms). A file that was changed or removed after that time counts
   * as changed, even if it happened before this call. `missing` are files that did not exist when they were looked for.
   */
  addFiles(files: { read: readonly string[]; missing?: readonly string[] }, since: number): Promise<void>;
  /** Waits for the next changes and returns their paths; null once the signal has aborted. */
  next(): Promise<Set<string> | null>;
  /** Calls `callback` once, at the first change that `next` has not returned yet. */
  onChange(callback: () => void): void;
  /** Stops watching. */
  close(): Promise<void>;
}

/** Returns a watcher of files and directories, which notices new ones too. */
export function watchForChanges(signal: AbortSignal): FileChanges {
  const watchers: ReturnType<typeof watchFiles>[] = [];
  const files = new Set<string>();
  const directories = new Set<string>();
  /** Change times with which added files were reported, so that each is reported once; null for a removed file. */
  const reportedTimes = new Map<string, number | null>();
  let pending = new Set<string>();
  let isSettled = true;
  let wake: (() => void) | null = null;
  let callback: (() => void) | null = null;
  let timer: NodeJS.Timeout | undefined;
  const settle = (): void => {
    isSettled = true;
    wake?.();
    wake = null;
    callback?.();
    callback = null;
  };
  const settleSoon = (): void => {
    isSettled = false;
    clearTimeout(timer);
    timer = setTimeout(settle, DEBOUNCE_MS);
  };
  const markChanged = (path: string): void => {
    pending.add(path);
    settleSoon();
  };
  const watch = (
    paths: string[],
    options: ChokidarOptions,
    isWatched: (path: string) => boolean,
  ): Promise<void> => {
    if (paths.length === 0 || signal.aborted) return Promise.resolve();
    const watcher = watchFiles(paths, {
      ignoreInitial: true,
      // Chokidar may leave a watcher of Node's open if it is closed while it starts. It must not keep the process alive.
      persistent: false,
      ignored: /[\\/](?:node_modules|\.git)[\\/]/,
      ...options,
    });
    watchers.push(watcher);
    watcher.on('all', (event, path) => {
      if (event !== 'addDir' && event !== 'unlinkDir' && isWatched(path)) markChanged(path);
    });
    // Files that cannot be watched are ignored; the others are still watched.
    watcher.on('error', () => undefined);
    return new Promise((resolve) => {
      watcher.once('ready', resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  };
  /** Reports a file if it has changed since then. */
  const recheck = async (path: string, since: number): Promise<void> => {
    const at = await changeTimeOf(path);
    if (!isChangedSince(since, at) || reportedTimes.get(path) === at) return;
    reportedTimes.set(path, at);
    markChanged(path);
  };
  signal.addEventListener('abort', settle, { once: true });
  const keepAlive = setInterval(() => undefined, LONGEST_TIMER_MS);
  return {
    addTrees: (paths) => watch([...paths], {}, () => true),
    async addFiles({ read, missing = [] }, since) {
      for (const path of [...read, ...missing]) files.add(path);
      // The directories are watched: a watched file that is removed and created again later would not be noticed.
      const added = directoriesOf(files).filter((directory) => !directories.has(directory));
      added.forEach((directory) => directories.add(directory));
      await watch(added, { depth: 0 }, (path) => files.has(path));
      const created = missing.filter((path) => existsSync(path));
      await Promise.all([...read, ...created].map((path) => recheck(path, since)));
    },
    async next() {
      while ((pending.size === 0 || !isSettled) && !signal.aborted)
        await new Promise<void>((resolve) => (wake = resolve));
      if (signal.aborted) return null;
      const paths = pending;
      pending = new Set();
      return paths;
    },
    onChange(next) {
      callback = next;
      if (pending.size > 0) settleSoon();
    },
    async close() {
      clearTimeout(timer);
      clearInterval(keepAlive);
      await Promise.all(watchers.map((watcher) => watcher.close()));
    },
  };
}

/** Returns the existing directories that hold the files. */
const directoriesOf = (files: ReadonlySet<string>): string[] =>
  [...new Set([...files].map((file) => dirname(file)))].filter((directory) => existsSync(directory));
