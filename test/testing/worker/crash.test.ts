/** A process of tests that ends in the middle leaves nothing behind. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { isListening, JEST, writeService } from '../../helpers/test-service';
import { soon } from '../../helpers/soon';

const WORKFLOWS = `const { sleep } = require('@temporalio/workflow');
exports.waits = async () => { await sleep('1 day'); };
`;
const OPEN = `const { createTestEnvironment } = require('temporal-replay/testing');
async function open() {
  const env = await createTestEnvironment({ workflowsPath: 'workflows.js', activities: {} });
  await env.start('waits');
  console.log('server ' + env.client.connection.options.address + '.');
}
`;

/** Runs it until it has told of its server, does `then` to it, and answers with the server's address. */
async function serverOf(
  cwd: string,
  script: readonly string[],
  then: (child: ReturnType<typeof spawn>) => void,
): Promise<string> {
  const child = spawn(process.execPath, script, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const ended = once(child, 'close');
  const address = await new Promise<string>((done, fail) => {
    const hear = (text: string): void => {
      output += text;
      const [, found] = /server (\S+:\d+)\./.exec(output) ?? [];
      if (found) done(found);
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    void ended.then(() => fail(new Error(`It ended without a server:\n${output}`)));
  });
  then(child);
  await ended;
  return address;
}

it.each([
  ['exits', 'process.exit(1)'],
  ['throws where nobody catches it', `setTimeout(() => { throw new Error('oh') })`],
  ['is killed', `process.kill(process.pid, 'SIGKILL')`],
])('a script that %s leaves no server', async (_, end) => {
  const cwd = writeService({
    'workflows.js': WORKFLOWS,
    'script.js': `${OPEN}open().then(() => { ${end}; });\n`,
  });

  const address = await serverOf(cwd, ['script.js'], () => undefined);

  await soon(async () => expect(await isListening(address)).toBe(false));
});

it('a test worker that is killed takes its server along', async () => {
  const cwd = writeService({
    'workflows.js': WORKFLOWS,
    'script.js': `${OPEN}open().then(() => {
  const { execFileSync } = require('node:child_process');
  const found = execFileSync('pgrep', ['-P', String(process.pid), '-f', 'testing/worker/main.js'], { encoding: 'utf8' });
  process.kill(Number(found), 'SIGKILL');
  setTimeout(() => process.exit(), 500);
});
`,
  });

  const address = await serverOf(cwd, ['script.js'], () => undefined);

  await soon(async () => expect(await isListening(address)).toBe(false));
});

it.each([
  ['a wait for a result', 'env.execute("waits")'],
  ['a wait for anything else', 'env.until(() => false)'],
])('a test worker that ends tells %s at once, and why on standard error', async (_, wait) => {
  const cwd = writeService({
    'workflows.js': WORKFLOWS,
    'script.js': `const { createTestEnvironment } = require('temporal-replay/testing');
createTestEnvironment({ workflowsPath: 'workflows.js', activities: {} }).then(async (env) => {
  const { execFileSync } = require('node:child_process');
  const found = execFileSync('pgrep', ['-P', String(process.pid), '-f', 'testing/worker/main.js'], { encoding: 'utf8' });
  const waited = ${wait}.catch((err) => err);
  process.kill(Number(found), 'SIGKILL');
  const killedAt = Date.now();
  const { code } = await waited;
  console.log(code, Date.now() - killedAt < 5000 ? 'soon' : 'late');
  await env.teardown();
  console.log('torn down');
});
`,
  });

  const { stdout, stderr, status } = spawnSync(process.execPath, ['script.js'], { cwd, encoding: 'utf8' });

  expect({ stdout, status }).toEqual({ stdout: 'TEST_WORKER_GONE soon\ntorn down\n', status: 0 });
  expect(stderr).toBe('temporal-replay: the process that runs the workflows has ended (SIGKILL).\n');
});

it('a run of jest that is killed leaves no server', async () => {
  const cwd = writeService({
    'package.json': '{ "name": "service", "private": true }',
    'jest.config.js': `module.exports = { preset: 'temporal-replay' };\n`,
    'workflows.js': WORKFLOWS,
    'hangs.test.js': `${OPEN}it('hangs', async () => { await open(); await new Promise(() => {}); });\n`,
  });

  const address = await serverOf(cwd, [JEST, '--runInBand'], (child) => child.kill('SIGKILL'));

  await soon(async () => expect(await isListening(address)).toBe(false));
});

it('a test goes on after workflow code has written noise to the pipe between the processes', async () => {
  const cwd = writeService({
    'workflows.js': `exports.noisy = async () => {
  const { process } = URL.constructor('return globalThis')();
  const { writeSync } = process.mainModule.require('node:fs');
  writeSync(3, 'noise\\n[1]\\n{"type":"listening"}\\n');
  return 'done';
};
`,
    'script.js': `const { createTestEnvironment } = require('temporal-replay/testing');
(async () => {
  const env = await createTestEnvironment({ workflowsPath: 'workflows.js', activities: {}, replay: false });
  const results = [await env.execute('noisy'), await env.execute('noisy')];
  await env.teardown();
  console.log(results.join());
})();
`,
  });

  const { status, stdout, stderr } = spawnSync(process.execPath, ['script.js'], { cwd, encoding: 'utf8' });

  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'done,done\n', stderr: '' });
});
