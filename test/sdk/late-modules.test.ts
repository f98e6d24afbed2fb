/** Tests of the SDK's internals that `src/sdk/late-modules.ts` relies on. A process of its own has no modules of Jest. */
import { execFileSync } from 'node:child_process';
import { ROOT } from '../helpers/replay-cli';

const factsAfter = (code: string): object => {
  const script = `
    const loaded = () => ['webpack', 'grpc-js'].filter((name) =>
      Object.keys(require.cache).filter((path) => path.includes('/node_modules/') && path.includes('/' + name + '/')).length > 1);
    require('./lib/sdk/late-modules').loadModulesLate();
    ${code}`;
  return JSON.parse(
    execFileSync(process.execPath, ['-e', script], { cwd: ROOT, encoding: 'utf8' }),
  ) as object;
};

it('the sandbox of the SDK is loaded without its bundler and gRPC', () => {
  const facts = factsAfter(`
    require('@temporalio/worker/lib/workflow/reusable-vm');
    require('@temporalio/worker/lib/utils');
    console.log(JSON.stringify({ loaded: loaded() }));`);

  expect(facts).toEqual({ loaded: [] });
});

it('the worker of the SDK is loaded without its bundler, which is loaded when it is asked for', () => {
  const facts = factsAfter(`
    const worker = require('@temporalio/worker');
    const before = loaded();
    const kind = typeof worker.bundleWorkflowCode;
    console.log(JSON.stringify({ before, kind, after: loaded() }));`);

  expect(facts).toEqual({ before: ['grpc-js'], kind: 'function', after: ['webpack', 'grpc-js'] });
});

it.each(['@temporalio/worker/lib/workflow/bundler', '@grpc/grpc-js'])('all exports of %s are there', (id) => {
  const facts = factsAfter(`
    const id = '${id}';
    const late = require(id);
    const names = Object.keys(late);
    delete require.cache[require.resolve(id)];
    const real = require(id);
    const wrong = Object.keys(real).filter((name) => typeof late[name] !== typeof real[name] || !(name in late));
    console.log(JSON.stringify({ count: names.length, isSame: names.join() === Object.keys(real).join(), wrong }));`) as {
    count: number;
  };

  expect(facts).toEqual({ count: expect.any(Number), isSame: true, wrong: [] });
  expect(facts.count).toBeGreaterThan(0);
});
