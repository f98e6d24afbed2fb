import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { TemporalReplayError, messageOf } from '../errors';
import { loadModule } from '../util/load-module';
import { rememberModulesOf } from '../util/modules-of-function';
import { checkConfig } from './check-config';
import type { ReplayConfig } from './types';

const NAMES = ['ts', 'mts', 'js', 'mjs', 'cjs', 'json'].map((extension) => `replay.config.${extension}`);

export interface LoadedConfig {
  config: ReplayConfig;
  /** Directory that relative paths of the config are relative to. */
  dir: string;
  /** Absolute path of the file; null if there is none. */
  path: string | null;
}

/**
 * Loads the named config file, or `replay.config.*` of a directory. Returns an empty config if the directory has none.
 *
 * @throws CONFIG_NOT_FOUND, CONFIG_INVALID
 */
export async function loadConfigFile(cwd: string, named?: string): Promise<LoadedConfig> {
  const path = named === undefined ? findConfig(cwd) : resolve(cwd, named);
  if (path === null) return { config: {}, dir: cwd, path: null };
  if (!existsSync(path))
    throw new TemporalReplayError('CONFIG_NOT_FOUND', `There is no config file ${named ?? path}.`);
  const config = await load(path);
  checkConfig(config, path);
  return { config, dir: dirname(path), path };
}

const findConfig = (cwd: string): string | null =>
  NAMES.map((name) => join(cwd, name)).find((path) => existsSync(path)) ?? null;

async function load(path: string): Promise<ReplayConfig> {
  try {
    if (path.endsWith('.json')) return JSON.parse(await readFile(path, 'utf8')) as ReplayConfig;
    const module = (await loadModule(path)) as { default?: ReplayConfig };
    const config = module.default ?? (module as ReplayConfig);
    // CommonJS output of an ES module has its default export one level further down.
    return withOrigin((config as { default?: ReplayConfig }).default ?? config, path);
  } catch (err) {
    throw new TemporalReplayError('CONFIG_INVALID', `${path} cannot be loaded: ${messageOf(err)}`, {
      cause: err,
    });
  }
}

/** Remembers that the hooks of a config, which `checkConfig` has yet to check, come from its file. */
function withOrigin(config: ReplayConfig, path: string): ReplayConfig {
  for (const { bundlerOptions } of [
    config ?? {},
    ...(Array.isArray(config?.projects) ? config.projects : []),
  ]) {
    const hook = bundlerOptions?.webpackConfigHook;
    if (typeof hook === 'function') rememberModulesOf(hook, [path]);
  }
  return config;
}
