import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { isAbsolute, join, relative, resolve } from 'node:path';
import ms, { type StringValue } from 'ms';
import { TemporalReplayError } from '../errors';
import { cacheDirectory } from '../util/cache-directory';
import type { ProjectOptions, ReplayConfig } from './types';

/** The options of one project with nothing left open; paths are absolute. */
export interface ResolvedProject {
  name: string;
  workflowsPath: string | null;
  bundle: string | null;
  workflowInterceptors: readonly string[];
  payloadConverter: string | null;
  failureConverter: string | null;
  dataConverter: string | null;
  namespace: string | null;
  bundlerOptions: NonNullable<ProjectOptions['bundlerOptions']>;
}

/** What a replay needs to know, with nothing left open. */
export interface ResolvedReplayOptions {
  projects: readonly ResolvedProject[];
  concurrency: number;
  timeoutMs: number;
  strict: boolean;
  minHistories: number;
  requireTypes: readonly string[];
  failOnUncovered: boolean;
  /** Absolute path of the baseline; null without one. */
  baseline: string | null;
  changedSince: string | null;
  fast: boolean;
  cache: boolean;
  cacheDir: string;
  coverage: boolean;
  /** Absolute. */
  coverageDir: string;
}

/** Suits a history of 50,000 events on a slow CI machine. */
const DEFAULT_TIMEOUT_MS = 120_000;

/** Fills in defaults and checks. Relative paths are taken from `baseDir`. @throws CONFIG_INVALID */
export function resolveReplayOptions(
  config: Omit<ReplayConfig, 'histories'>,
  baseDir: string,
): ResolvedReplayOptions {
  const projects = projectsOf(config).map((project) => resolveProject(project, baseDir));
  const coverage = config.coverage ?? false;
  if (coverage) refusePrebuilt(projects);
  return {
    projects,
    concurrency: wholeNumber('concurrency', config.concurrency ?? availableParallelism(), 1),
    timeoutMs: durationMs('timeout', config.timeout ?? DEFAULT_TIMEOUT_MS),
    strict: config.strict ?? false,
    minHistories: wholeNumber('minHistories', config.minHistories ?? 1, 0),
    requireTypes: config.requireTypes ?? [],
    failOnUncovered: config.failOnUncovered ?? false,
    baseline: config.baseline === undefined ? null : resolve(baseDir, config.baseline),
    changedSince: config.changedSince ?? null,
    fast: config.fast ?? true,
    cache: config.cache ?? true,
    cacheDir: config.cacheDir ? resolve(baseDir, config.cacheDir) : join(cacheDirectory(), 'bundles'),
    coverage,
    coverageDir: resolve(baseDir, config.coverageDir ?? 'coverage'),
  };
}

/** Counters go into the source before it is bundled. */
function refusePrebuilt(projects: readonly ResolvedProject[]): void {
  const prebuilt = projects.find(({ bundle }) => bundle !== null);
  if (!prebuilt) return;
  throw new TemporalReplayError(
    'CONFIG_INVALID',
    `Coverage cannot be measured in a prebuilt bundle (${relative(process.cwd(), prebuilt.bundle!)}).`,
    { hint: 'Give the source instead: --workflows-path, or workflowsPath in replay.config.ts.' },
  );
}

function projectsOf(config: Omit<ReplayConfig, 'histories'>): ProjectOptions[] {
  const { projects, ...own } = config;
  const hasOwn = own.workflowsPath !== undefined || own.bundle !== undefined;
  if (projects && projects.length > 0) {
    if (hasOwn)
      throw new TemporalReplayError(
        'CONFIG_INVALID',
        'Both `projects` and a workflowsPath or bundle beside them are given: which one is meant?',
        { hint: 'Make it one more entry of `projects`, or drop one of the two.' },
      );
    return projects.map((project) => ({ ...sharedOptions(own), ...project }));
  }
  if (!hasOwn)
    throw new TemporalReplayError('CONFIG_INVALID', 'Nothing says where the workflow code is.', {
      hint: 'Give --workflows-path src/workflows.ts or --bundle <file>, or set workflowsPath in replay.config.ts.',
    });
  return [own];
}

/** Options that projects inherit where they don't set them. */
function sharedOptions(config: ReplayConfig): ProjectOptions {
  const {
    workflowInterceptors,
    payloadConverter,
    failureConverter,
    dataConverter,
    namespace,
    bundlerOptions,
  } = config;
  const shared = {
    workflowInterceptors,
    payloadConverter,
    failureConverter,
    dataConverter,
    namespace,
    bundlerOptions,
  };
  return Object.fromEntries(Object.entries(shared).filter(([, value]) => value !== undefined));
}

function resolveProject(project: ProjectOptions, baseDir: string): ResolvedProject {
  const { workflowsPath, bundle } = project;
  const name = project.name ?? workflowsPath ?? bundle ?? 'project';
  if ((workflowsPath === undefined) === (bundle === undefined))
    throw new TemporalReplayError(
      'CONFIG_INVALID',
      `Project ${name} needs exactly one of workflowsPath (source) and bundle (prebuilt).`,
    );
  return {
    name,
    workflowsPath: workflowsPath === undefined ? null : moduleAt('workflowsPath', workflowsPath, baseDir),
    bundle: bundle === undefined ? null : resolve(baseDir, bundle),
    workflowInterceptors: (project.workflowInterceptors ?? []).map((id) =>
      moduleAt('workflowInterceptors', id, baseDir),
    ),
    payloadConverter: optionalModule('payloadConverter', project.payloadConverter, baseDir),
    failureConverter: optionalModule('failureConverter', project.failureConverter, baseDir),
    dataConverter: optionalModule('dataConverter', project.dataConverter, baseDir),
    namespace: project.namespace ?? null,
    bundlerOptions: project.bundlerOptions ?? {},
  };
}

const optionalModule = (option: string, id: string | undefined, baseDir: string): string | null =>
  id === undefined ? null : moduleAt(option, id, baseDir);

const EXTENSIONS = ['', '.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '/index.ts', '/index.js'];

function moduleAt(option: string, id: string, baseDir: string): string {
  const found = locateModule(id, baseDir);
  if (found !== null) return found;
  throw new TemporalReplayError(
    'CONFIG_INVALID',
    `${option}: there is no file ${relative(process.cwd(), resolve(baseDir, id)) || id}.`,
    {
      hint: 'The path is taken from the current directory on the command line, else from that of the config file.',
    },
  );
}

/** Absolute path of a module given as a path (with or without its extension, or a directory) or as a package's name; null where there is none. */
export function locateModule(id: string, baseDir: string): string | null {
  for (const extension of EXTENSIONS) {
    const path = resolve(baseDir, `${id}${extension}`);
    if (isFile(path) || (extension === '' && isDirectory(path))) return path;
  }
  if (isAbsolute(id) || id.startsWith('.')) return null;
  try {
    return require.resolve(id, { paths: [baseDir] });
  } catch {
    return null;
  }
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
const isDirectory = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

function wholeNumber(option: string, value: number, atLeast: number): number {
  if (Number.isInteger(value) && value >= atLeast) return value;
  throw new TemporalReplayError(
    'CONFIG_INVALID',
    `${option} must be a whole number from ${atLeast}, not ${value}.`,
  );
}

/** Milliseconds of `500`, `'500'` or `'30s'`. @throws CONFIG_INVALID */
export function durationMs(option: string, value: number | string): number {
  const parsed =
    typeof value === 'number' ? value : /^\d+$/.test(value) ? Number(value) : ms(value as StringValue);
  if (typeof parsed === 'number' && Number.isFinite(parsed) && parsed > 0) return parsed;
  throw new TemporalReplayError(
    'CONFIG_INVALID',
    `${option} must be in ms or a duration such as 30s, not "${value}".`,
  );
}
