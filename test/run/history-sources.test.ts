import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replayHistories } from '../../lib';
import type { HistorySource } from '../../src/model/history';
import { ROOT, scratchDirectory } from '../helpers/replay-cli';

const SMALL = join(ROOT, 'test/services/small');

it('asks for histories that are not at hand once the code is bundled, since webpack blocks the thread', async () => {
  const steps: string[] = [];
  async function* cluster(): AsyncGenerator<HistorySource> {
    steps.push('connected');
    yield { file: 'w1.json', bytes: readFileSync(join(SMALL, 'histories/w1.json')) };
  }
  class Bundled {
    apply(compiler: { hooks: { done: { tap(name: string, fn: () => void): void } } }): void {
      compiler.hooks.done.tap('test', () => void steps.push('bundled'));
    }
  }

  const { summary } = await replayHistories({
    histories: cluster(),
    workflowsPath: join(SMALL, 'workflows.ts'),
    cacheDir: scratchDirectory(),
    bundlerOptions: {
      webpackConfigHook: (config) => ({ ...config, plugins: [...(config.plugins ?? []), new Bundled()] }),
    },
  });

  expect(steps).toEqual(['bundled', 'connected']);
  expect(summary.compatible).toBe(1);
});
