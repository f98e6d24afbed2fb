import { type CoreEngineOptions, CoreEngine } from './core/core-engine';
import type { ReplayableProject } from './loaded-project';
import type { ReplayEngine } from './replay-engine';

/** Makes the engine of one project. */
export type EngineFactory = (project: ReplayableProject, options: CoreEngineOptions) => ReplayEngine;

/** The engines, in the order in which they are asked to replay a history. The last one answers every history. */
export const ENGINES: readonly EngineFactory[] = [(project, options) => new CoreEngine(project, options)];
