/** Tests of the SDK's internals that `src/sdk/late-bundler.ts` relies on. A process of its own has no modules of Jest. */
import { execFileSync } from 'node:child_process';
import { ROOT } from '../helpers/replay-cli';

const factsAfter = (code: string): object => {
  const script = `
    const loaded = () => Object.keys(require.cache).some((path) => /node_modules.(webpack|memfs)./.test(path));
    require('./lib/sdk/late-bundler').loadBundlerLate();
    ${code}`;
  return JSON.parse(
    execFileSync(process.execPath, ['-e', script], { cwd: ROOT, encoding: 'utf8' }),
  ) as object;
};

it('the SDK loads its worker without its bundler, and the bundler when it is asked for', () => {
  const facts = factsAfter(`
    const worker = require('@temporalio/worker');
    const before = loaded();
    const kind = typeof worker.bundleWorkflowCode;
    console.log(JSON.stringify({ before, kind, after: loaded() }));`);

  expect(facts).toEqual({ before: false, kind: 'function', after: true });
});

it('all exports of the bundler are there', () => {
  const facts = factsAfter(`
    const id = '@temporalio/worker/lib/workflow/bundler';
    const late = require(id);
    const names = Object.keys(late);
    delete require.cache[require.resolve(id)];
    const real = Object.keys(require(id));
    console.log(JSON.stringify({ names, isEach: names.every((name) => late[name] !== undefined), real }));`) as {
    names: string[];
    real: string[];
    isEach: boolean;
  };

  expect(facts.names).toEqual(facts.real);
  expect(facts.names).toContain('bundleWorkflowCode');
  expect(facts.isEach).toBe(true);
});
