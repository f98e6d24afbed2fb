/** A config file whose hook shapes the bundle: its sources are inputs of the cache. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT, replay, scratchDirectory } from '../helpers/replay-cli';

/** A source that changed at the start of a process counts as changed after it. */
const CLOCK_MS = 3_000;
const SMALL = join(ROOT, 'test/services/small');

it('a webpackConfigHook of the config file is run again only when one of its sources changes', async () => {
  const directory = scratchDirectory();
  const write = (name: string, text: string): void => writeFileSync(join(directory, name), text);
  copyFileSync(join(SMALL, 'histories/w1.json'), join(directory, 'w1.json'));
  write(
    'replay.config.ts',
    `import { webpackConfigHook } from './hook.mjs';
     export default { workflowsPath: '${SMALL}/workflows.ts', cacheDir: 'cache', bundlerOptions: { webpackConfigHook } };`,
  );
  write(
    'hook.mjs',
    `import { appendFileSync } from 'node:fs';
     import { answer } from './answer.mjs';
     export const webpackConfigHook = (config) => {
       appendFileSync(${JSON.stringify(join(directory, 'calls'))}, answer);
       return config;
     };`,
  );
  write('answer.mjs', "export const answer = 'a';");
  const calls = async (): Promise<string> => {
    const run = await replay(['run', 'w1.json'], { cwd: directory });
    expect(run.stdout + run.stderr).toContain('1 history: 1 compatible');
    return readFileSync(join(directory, 'calls'), 'utf8');
  };

  await sleep(CLOCK_MS);
  expect([await calls(), await calls()]).toEqual(['a', 'a']);
  write('answer.mjs', "export const answer = 'b';");
  await sleep(CLOCK_MS);
  expect([await calls(), await calls()]).toEqual(['ab', 'ab']);
});
