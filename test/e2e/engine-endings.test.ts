/** Workflows that end or damage the process in which the screen runs them have the verdict that core gives them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordedRun } from '../attack/hostile-workflows';
import { replayInHost, reportOf, scratchDirectory } from '../helpers/replay-cli';

const WORKFLOWS = `
const { proxyActivities } = require('@temporalio/workflow');
const activities = proxyActivities({ startToCloseTimeout: '1m' });
const host = () => URL.constructor('return globalThis')();
exports.good = async () => { await activities.step(); };
exports.rejects = async () => { void Promise.reject(new Error('left')); throw new TypeError('x'); };
exports.exits = async () => {
  const isScreened = !Object.keys(host().process.mainModule.constructor._cache).some((id) => id.endsWith('core-engine.js'));
  if (isScreened) host().process.exit(3);
  await activities.step();
};
exports.loops = async () => { for (;;); };
exports.throws = async () => { throw new TypeError('half of a pair: \\ud800'); };
`;

async function outcomeOf(types: readonly string[], ...flags: readonly string[]) {
  const directory = scratchDirectory();
  writeFileSync(join(directory, 'workflows.js'), WORKFLOWS);
  mkdirSync(join(directory, 'histories'));
  types.forEach((type, i) =>
    writeFileSync(join(directory, `histories/${i}.json`), JSON.stringify(recordedRun(type, String(i)))),
  );
  const options = ['--workflows-path', 'workflows.js', '--concurrency', '1', '--engine', 'auto'];
  const run = await replayInHost(['run', 'histories', ...options, '--reporter', 'json', ...flags], {
    cwd: directory,
  });
  const { results, engine: counts } = reportOf(run);
  const outcomes = results
    .sort((a, b) => (a.file < b.file ? -1 : 1))
    .map(({ verdict, error }) => [verdict, error?.code].join(' ').trim());
  return { outcomes, counts };
}

it('a rejection that the code leaves unhandled as it throws ends no process', async () => {
  const { outcomes, counts } = await outcomeOf(['good', 'rejects', 'good']);

  expect(outcomes).toEqual(['compatible', 'failed WORKFLOW_TASK_FAILED', 'compatible']);
  expect(counts).toMatchObject({ screened: 2, unsure: { 'workflow task failed': 1 } });
});

it('a history over which the process of the screen ends is replayed by core', async () => {
  const { outcomes, counts } = await outcomeOf(['good', 'exits', 'good']);

  expect(outcomes).toEqual(['compatible', 'compatible', 'compatible']);
  expect(counts).toMatchObject({ byCore: 1 });
});

it('an endless loop has the verdict of core', async () => {
  const { outcomes } = await outcomeOf(['loops'], '--timeout', '1s');

  expect(outcomes).toEqual(['timeout TIMEOUT']);
});

it('an error whose message UTF-8 cannot hold is no endless loop', async () => {
  const { outcomes } = await outcomeOf(['throws']);

  expect(outcomes).toEqual(['failed WORKFLOW_TASK_FAILED']);
});
