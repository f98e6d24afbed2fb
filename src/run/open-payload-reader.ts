import { replayOptionsOf } from '../options/merge';
import { resolveReplayOptions } from '../options/resolve';
import type { ReplayConfig } from '../options/types';
import { namesWorkflowCode } from '../options/workflow-code';
import { PayloadReader } from '../replay/payload-reader';
import { type WorkerSource, workerSourceOf } from '../worker-options/worker-source';

export type { PayloadReader } from '../replay/payload-reader';

/** Returns a reader of payloads that loads the config, and the modules that it names, when the first payload needs them. */
export const openPayloadReader = (loadConfig: () => Promise<ReplayConfig>, cwd: string): PayloadReader =>
  new PayloadReader(async () => workersOf(await loadConfig(), cwd));

function workersOf(config: ReplayConfig, cwd: string): WorkerSource[] {
  const options = replayOptionsOf(config);
  const module = options.dataConverter ?? options.payloadConverter;
  const namesCode = (options.projects ?? []).length > 0 || namesWorkflowCode(options);
  if (!namesCode && module === undefined) return [];
  // No code is run here, so a converter is enough: its module stands for the code that a project must name.
  const resolved = resolveReplayOptions(namesCode ? options : { ...options, workflowsPath: module! }, cwd);
  return resolved.projects.map(workerSourceOf);
}
