import type { EngineChoice } from '../../model/engine';
import type { CoreEngineOptions } from './core/core-engine';
import { LateEngine } from './late-engine';
import type { ReplayableProject } from './loaded-project';
import type { ReplayEngine } from './replay-engine';
import { ScreenEngine } from './screen/screen-engine';

/** Makes the engine of one project. */
export type EngineFactory = (project: ReplayableProject, options: CoreEngineOptions) => ReplayEngine;

const screen: EngineFactory = (project, options) => new ScreenEngine(project, options);
const core: EngineFactory = (project, options) =>
  new LateEngine(() => {
    options.beforeCore?.();
    const { CoreEngine } = require('./core/core-engine') as typeof import('./core/core-engine');
    return new CoreEngine(project, options);
  });

/** Returns the engines, in the order in which they are asked to replay a history. The last one answers every history. */
export const enginesOf = (choice: EngineChoice): readonly EngineFactory[] =>
  choice === 'core' ? [core] : [screen, core];
