import { watch as watchFiles } from 'chokidar';

/** Changes that come within this time are one: an editor writes aside and renames, a formatter writes again. */
const TOGETHER_MS = 60;

export interface FileChanges {
  /** Watches these beside what is watched already. */
  add(paths: readonly string[]): void;
  /** The next changes, as absolute paths; null when the signal has aborted. */
  next(): Promise<Set<string> | null>;
  /** Calls back once, when something changes that `next` has not given out. */
  onChange(callback: () => void): void;
  close(): Promise<void>;
}

/** Watches files and directories, created ones included. */
export function watchForChanges(signal: AbortSignal): FileChanges {
  const watcher = watchFiles([], { ignoreInitial: true, ignored: /[\\/](?:node_modules|\.git)[\\/]/ });
  let pending = new Set<string>();
  let wake: (() => void) | null = null;
  let callback: (() => void) | null = null;
  let timer: NodeJS.Timeout | undefined;
  const settle = (): void => {
    wake?.();
    wake = null;
    callback?.();
    callback = null;
  };
  watcher.on('all', (event, path) => {
    if (event === 'addDir' || event === 'unlinkDir') return;
    pending.add(path);
    clearTimeout(timer);
    timer = setTimeout(settle, TOGETHER_MS);
  });
  // A file that cannot be watched is one that cannot change under us: the others count.
  watcher.on('error', () => undefined);
  signal.addEventListener('abort', settle, { once: true });
  return {
    add: (paths) => void watcher.add([...paths]),
    async next() {
      while (pending.size === 0 && !signal.aborted) await new Promise<void>((resolve) => (wake = resolve));
      if (signal.aborted) return null;
      const paths = pending;
      pending = new Set();
      return paths;
    },
    onChange: (next) => (callback = next),
    async close() {
      clearTimeout(timer);
      await watcher.close();
    },
  };
}
