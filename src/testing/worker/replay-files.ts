import type { DiagnosedReport } from '../../model/report';
import { loadConfigFile } from '../../options/load-config-file';
import { resolveReplayOptions } from '../../options/resolve';
import type { ReplayConfig } from '../../options/types';
import { startReplay } from '../../run/run';
import { buildResolved } from './build-bundle';
import type { Bundle, ReplayFilesRequest } from './protocol';

/** Replays files in a pool of processes. @throws what `startReplay` throws, CONFIG_INVALID */
export async function replayFiles({ files, config, cwd }: ReplayFilesRequest): Promise<DiagnosedReport> {
  const known = config === null ? await loadConfigFile(cwd) : { config, dir: cwd };
  const { histories: _, fetch: _fetch, reporter: _reporter, ...options } = known.config as ReplayConfig;
  const histories = files.map((file) => ({ file }));
  return startReplay({ ...options, histories, cwd: known.dir }).report();
}

/** A bundle for each project of replay.config; none without one. @throws CONFIG_INVALID, BUNDLE_FAILED */
export async function configuredBundles({ cwd }: { cwd: string }): Promise<Bundle[]> {
  const { config, dir, path } = await loadConfigFile(cwd);
  if (path === null) return [];
  const options = resolveReplayOptions(config, dir);
  const bundles: Bundle[] = [];
  for (const project of options.projects) bundles.push(await buildResolved(project, options));
  return bundles;
}
