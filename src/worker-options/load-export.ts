import { relative } from 'node:path';
import { TemporalReplayError, messageOf } from '../errors';
import { withoutLiveWorker } from '../sdk/live-worker-guard';
import { type ModuleExports, loadModule } from '../util/load-module';
import { withTimeLimit } from '../util/time-limit';

/** The ways in which the service's own code is loaded and run. */
export interface LoadSettings {
  load(path: string): Promise<ModuleExports>;
  /** Runs each step. */
  run<T>(step: () => Promise<T>): Promise<T>;
  /** Longest time for each step: to load a module, to call its export, to ask a plugin. */
  limitMs: number;
}

export const DEFAULT_LOAD_SETTINGS: LoadSettings = {
  load: loadModule,
  run: withoutLiveWorker,
  limitMs: 30_000,
};

/**
 * Returns the value that a module exports by a name, or as its default export. A promise is awaited, and a function is called without
 * arguments.
 *
 * @param exported the kind of the value, for messages
 * @throws WORKER_OPTIONS
 */
export async function loadExport(
  path: string,
  { name, kind }: { name: string; kind: string },
  settings: LoadSettings,
): Promise<unknown> {
  const file = fileOf(path);
  const module = await within(settings, `${file} cannot be loaded`, () => settings.load(path));
  const value = exportIn(module, name);
  if (value === undefined)
    throw workerOptionsError(
      `${file} exports no ${kind}: it has neither an export ${name} nor a default export.`,
      `Export them: export const ${name} = …; or a function that returns them.`,
    );
  return within(settings, `The ${kind} of ${file} cannot be made`, () => Promise.resolve(called(value)));
}

/** Returns the path of a module as messages show it. */
export const fileOf = (path: string): string => relative(process.cwd(), path) || path;

/** Returns the error of a worker's options that cannot be used. */
export const workerOptionsError = (message: string, hint: string, cause?: unknown): TemporalReplayError =>
  new TemporalReplayError('WORKER_OPTIONS', message, { hint, cause });

/** Runs a step of the service's own code, for a limited time. @throws WORKER_OPTIONS */
export async function within<T>(
  { run, limitMs }: LoadSettings,
  failed: string,
  step: () => Promise<T>,
): Promise<T> {
  try {
    return await withTimeLimit(run(step), limitMs, 'it');
  } catch (err) {
    throw workerOptionsError(
      `${failed}: ${messageOf(err)}`,
      'A replay needs no connection, but codecs need their keys. Put the options into a module of their own, which only makes them.',
      err,
    );
  }
}

function exportIn(exports: ModuleExports, name: string): unknown {
  // The loader gives a module without a default export itself as its `default`.
  const byDefault = 'default' in exports ? (exports['default'] as ModuleExports | undefined) : undefined;
  // CommonJS output of an ES module has its exports one level further down.
  return exports[name] ?? byDefault?.[name] ?? byDefault?.['default'] ?? byDefault;
}

const called = (value: unknown): unknown =>
  typeof value === 'function' ? (value as () => unknown)() : value;
