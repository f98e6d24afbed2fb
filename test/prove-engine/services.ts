/** The services of this repository that have recorded histories. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { decodeHistories } from '../../src/history/decode';
import { hasReplayableTask, validateHistory } from '../../src/history/validate/validate';
import { resolveReplayOptions } from '../../src/options/resolve';
import type { ReplayConfig } from '../../src/options/types';
import { type LoadedProject, loadProject } from '../../src/replay/engine/loaded-project';
import { buildSetup } from '../../src/run/build-setup';
import type { SourceOverlay } from '../../src/bundle/source-overlay';
import type { History } from '../../src/temporal/event';
import { ROOT } from '../helpers/root';

export interface ProvenService {
  name: string;
  config: Omit<ReplayConfig, 'histories'>;
  /** Globs of its histories. */
  histories: string[];
  /** Directory of its workflow code. */
  code: string;
}

const SCORE = join(ROOT, 'test/diagnosis/score/services');
const SERVICES = join(ROOT, 'test/services');

const scored = readdirSync(SCORE, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }): ProvenService => {
    const code = join(SCORE, name);
    const interceptors = join(code, 'interceptors.ts');
    return {
      name,
      config: {
        workflowsPath: join(code, 'workflows.ts'),
        ...(existsSync(interceptors) && { workflowInterceptors: [interceptors] }),
      },
      histories: [join(code, 'histories/*.json')],
      code,
    };
  });

const plain = (
  name: string,
  file: string,
  histories = join(file, '../histories/**/*.json'),
): ProvenService => ({
  name,
  config: { workflowsPath: file },
  histories: [histories],
  code: join(file, '..'),
});

export const PROVEN_SERVICES: readonly ProvenService[] = [
  plain(
    'order',
    join(ROOT, 'examples/order-service/src/workflows/index.ts'),
    join(ROOT, 'histories/**/*.json'),
  ),
  ...scored,
  plain(
    'every-command',
    join(SERVICES, 'every-command/workflows.ts'),
    join(SERVICES, 'every-command/histories/*.json.gz'),
  ),
  plain('small', join(SERVICES, 'small/workflows.ts')),
  plain(
    'isolation',
    join(SERVICES, 'isolation/state.ts'),
    join(SERVICES, 'isolation/histories/booking/*.json'),
  ),
  plain(
    'fixtures',
    join(ROOT, 'test/history/validate/fixtures/workflows.ts'),
    join(ROOT, 'test/history/validate/fixtures/*.{json,jsonl}'),
  ),
  {
    name: 'worker-options',
    config: { worker: join(SERVICES, 'worker-options/worker-options.ts') },
    histories: [join(SERVICES, 'worker-options/histories/**/*.json')],
    code: join(SERVICES, 'worker-options'),
  },
  {
    name: 'opentelemetry',
    config: { worker: join(SERVICES, 'opentelemetry/worker-options.ts') },
    histories: [join(SERVICES, 'opentelemetry/histories/**/*.json')],
    code: join(SERVICES, 'opentelemetry'),
  },
];

export interface ReadHistory {
  file: string;
  history: History;
}

/** Reads the histories of a service that are fit for replay. */
export function historiesOf({ histories }: Pick<ProvenService, 'histories'>): ReadHistory[] {
  return globSync(histories, { absolute: true })
    .sort()
    .flatMap((file) =>
      [...decodeHistories({ file, bytes: readFileSync(file) })].flatMap(({ history }) =>
        history && validateHistory(history) === null && hasReplayableTask(history) ? [{ file, history }] : [],
      ),
    );
}

/** Bundles the code of a service and loads it in this process. */
export async function loadedProjectOf(
  { config }: Pick<ProvenService, 'config'>,
  overlay?: SourceOverlay,
): Promise<LoadedProject> {
  const resolved = resolveReplayOptions(config, ROOT);
  const { projects } = await buildSetup(resolved, { cwd: ROOT, needs: {}, memory: undefined, overlay });
  return loadProject(projects[0]!);
}
