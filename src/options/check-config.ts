import type { BundleOptions } from '@temporalio/worker';
import { TemporalReplayError } from '../errors';
import { nearestName } from '../util/nearest-name';
import type { FetchOptions, ProjectOptions, ReplayConfig } from './types';

/** What a value may be, by the names of `kindOf`. */
type Kinds<T> = Readonly<Record<keyof T, string>>;

const PROJECT: Kinds<Required<ProjectOptions>> = {
  name: 'string',
  workflowsPath: 'string',
  bundle: 'string',
  workflowInterceptors: 'array of strings',
  payloadConverter: 'string',
  failureConverter: 'string',
  dataConverter: 'string',
  namespace: 'string',
  bundlerOptions: 'object',
};

const CONFIG: Kinds<Required<ReplayConfig>> = {
  ...PROJECT,
  histories: 'array of strings',
  projects: 'array',
  fetch: 'object',
  concurrency: 'number',
  timeout: 'number or string',
  strict: 'boolean',
  minHistories: 'number',
  requireTypes: 'array of strings',
  failOnUncovered: 'boolean',
  baseline: 'string',
  changedSince: 'string',
  fast: 'boolean',
  cache: 'boolean',
  cacheDir: 'string',
  coverage: 'boolean',
  coverageDir: 'string',
  reporter: 'string or array of strings',
  output: 'string',
  hideValues: 'boolean',
};

const BUNDLER_OPTIONS: Kinds<Pick<BundleOptions, 'ignoreModules' | 'preloadModules' | 'webpackConfigHook'>> =
  {
    ignoreModules: 'array of strings',
    preloadModules: 'array of strings',
    webpackConfigHook: 'function',
  };

const FETCH: Kinds<Required<Omit<FetchOptions, 'signal' | 'onProgress'>>> = {
  address: 'string',
  namespace: 'string',
  apiKey: 'string',
  tls: 'boolean',
  tlsCaPath: 'string',
  tlsCertPath: 'string',
  tlsKeyPath: 'string',
  tlsServerName: 'string',
  profile: 'string',
  configFile: 'string',
  query: 'string',
  executions: 'array',
  limit: 'number',
  limitPerType: 'number',
  out: 'string',
  concurrency: 'number',
  dryRun: 'boolean',
  refresh: 'boolean',
  gzip: 'boolean',
};

/** Refuses an unknown option and a value of the wrong type, wherever it stands in the file. @throws CONFIG_INVALID */
export function checkConfig(config: unknown, path: string): asserts config is ReplayConfig {
  if (kindOf(config) !== 'object')
    throw new TemporalReplayError('CONFIG_INVALID', `${path} must export an object (see defineConfig).`);
  const { projects = [], bundlerOptions, fetch } = config as ReplayConfig;
  checkObject(config as object, CONFIG, { path, prefix: '' });
  checkObject(bundlerOptions ?? {}, BUNDLER_OPTIONS, { path, prefix: 'bundlerOptions.' });
  checkObject(fetch ?? {}, FETCH, { path, prefix: 'fetch.' });
  for (const [index, project] of projects.entries()) {
    const name = `projects[${index}]`;
    checkKind(project, 'object', { path, name });
    checkObject(project, PROJECT, { path, prefix: `${name}.` });
    checkObject(project.bundlerOptions ?? {}, BUNDLER_OPTIONS, { path, prefix: `${name}.bundlerOptions.` });
  }
}

function checkObject(
  value: object,
  kinds: Readonly<Record<string, string>>,
  { path, prefix }: { path: string; prefix: string },
): void {
  for (const [key, item] of Object.entries(value)) {
    const name = prefix + key;
    const kind = Object.hasOwn(kinds, key) ? kinds[key] : undefined;
    if (kind === undefined) {
      const nearest = nearestName(key, Object.keys(kinds));
      const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
      throw new TemporalReplayError('CONFIG_INVALID', `${path}: unknown option "${name}".${hint}`);
    }
    if (item !== undefined) checkKind(item, kind, { path, name });
  }
}

function checkKind(value: unknown, kind: string, { path, name }: { path: string; name: string }): void {
  const actual = kindOf(value);
  const fits = kind
    .split(' or ')
    .some((one) => one === actual || (one === 'array' && actual === 'array of strings'));
  if (fits) return;
  throw new TemporalReplayError('CONFIG_INVALID', `${path}: "${name}" must be ${kind}, not ${actual}.`);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (!Array.isArray(value)) return typeof value;
  return value.every((item) => typeof item === 'string') ? 'array of strings' : 'array';
}
