import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type ChokidarOptions, watch as watchFiles } from 'chokidar';
import { changeTimeOf, isChangedSince } from '../../util/change-time';

/** Changes that come within this time are one: an editor writes aside and renames, a formatter writes again. */
const TOGETHER_MS = 60;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface FileChanges {
  /** Watches all that is below these paths, or comes there. Resolves once no change is missed any more. */
  addTrees(paths: readonly string[]): Promise<void>;
  /**
   * Watches files that were read after the moment `since` (epoch ms): what was changed or removed after it counts as changed,
   * however long the watching takes to begin. `missing` are files that were looked for in vain.
   */
  addFiles(files: { read: readonly string[]; missing?: readonly string[] }, since: number): Promise<void>;
  /** The next changes, as absolute paths; null when the signal has aborted. */
  next(): Promise<Set<string> | null>;
  /** Calls back once, when something changes that `next` has not given out. */
  onChange(callback: () => void): void;
  close(): Promise<void>;
}

/** Watches files and directories, created ones included. */
export function watchForChanges(signal: AbortSignal): FileChanges {
  const watchers: ReturnType<typeof watchFiles>[] = [];
  const files = new Set<string>();
  const directories = new Set<string>();
  /** When a file that counted as changed on being added was changed, so that it does so once; null for a removed one. */
  const counted = new Map<string, number | null>();
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
    timer = setTimeout(settle, TOGETHER_MS);
  };
  const changed = (path: string): void => {
    pending.add(path);
    settleSoon();
  };
  const watch = (
    paths: string[],
    options: ChokidarOptions,
    isMeant: (path: string) => boolean,
  ): Promise<void> => {
    if (paths.length === 0 || signal.aborted) return Promise.resolve();
    const watcher = watchFiles(paths, {
      ignoreInitial: true,
      // A watcher that is closed while it begins can leave one of Node's open: it is not to keep the process.
      persistent: false,
      ignored: /[\\/](?:node_modules|\.git)[\\/]/,
      ...options,
    });
    watchers.push(watcher);
    watcher.on('all', (event, path) => {
      if (event !== 'addDir' && event !== 'unlinkDir' && isMeant(path)) changed(path);
    });
    // A file that cannot be watched is one that cannot change under us: the others count.
    watcher.on('error', () => undefined);
    return new Promise((resolve) => {
      watcher.once('ready', resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  };
  const recheck = async (path: string, since: number): Promise<void> => {
    const at = await changeTimeOf(path);
    if (!isChangedSince(since, at) || counted.get(path) === at) return;
    counted.set(path, at);
    changed(path);
  };
  signal.addEventListener('abort', settle, { once: true });
  const keepingProcess = setInterval(() => undefined, LONGEST_TIMER_MS);
  return {
    addTrees: (paths) => watch([...paths], {}, () => true),
    async addFiles({ read, missing = [] }, since) {
      for (const path of [...read, ...missing]) files.add(path);
      // Through their directories: a watched file that is removed and comes back later is not noticed on its own.
      const added = directoriesOf(files).filter((directory) => !directories.has(directory));
      added.forEach((directory) => directories.add(directory));
      await watch(added, { depth: 0 }, (path) => files.has(path));
      const come = missing.filter((path) => existsSync(path));
      await Promise.all([...read, ...come].map((path) => recheck(path, since)));
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
      clearInterval(keepingProcess);
      await Promise.all(watchers.map((watcher) => watcher.close()));
    },
  };
}

const directoriesOf = (files: ReadonlySet<string>): string[] =>
  [...new Set([...files].map((file) => dirname(file)))].filter((directory) => existsSync(directory));
