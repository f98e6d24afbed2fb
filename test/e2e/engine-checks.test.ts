/** Core checks some answers of the screen while other histories are replayed, whatever happens to a process meanwhile. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordedRun } from '../attack/hostile-workflows';
import { replay, reportOf, scratchDirectory } from '../helpers/replay-cli';

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
`;

/** Replays one history of each of these types. */
async function outcomeOf(types: readonly string[], processes: string) {
  const directory = scratchDirectory();
  writeFileSync(join(directory, 'workflows.js'), WORKFLOWS);
  mkdirSync(join(directory, 'histories'));
  types.forEach((type, i) =>
    writeFileSync(
      join(directory, `histories/${String(i).padStart(2, '0')}.json`),
      JSON.stringify(recordedRun(type, String(i))),
    ),
  );
  const run = await replay(
    [
      ...['run', 'histories', '--workflows-path', 'workflows.js', '--reporter', 'json'],
      ...['--engine', 'auto', '--concurrency', processes],
    ],
    { cwd: directory },
  );
  const { results, engine: counts } = reportOf(run);
  const inOrder = results.sort((a, b) => (a.file < b.file ? -1 : 1));
  return { verdicts: inOrder.map(({ verdict }) => verdict), counts: counts! };
}

it.each(['1', '2'])(
  'a process that ends loses none of the histories that it was given ahead (%s processes)',
  async (processes) => {
    const types = Array.from({ length: 14 }, (_, i) => (i % 5 === 3 ? 'exits' : 'good'));

    const { verdicts, counts } = await outcomeOf(types, processes);

    expect(verdicts).toEqual(types.map(() => 'compatible'));
    expect(counts.screened + counts.byCore).toBe(types.length);
    expect(counts.sampled).toBe(1);
  },
);

it('another history is checked in the place of one that the screen is unsure about', async () => {
  const types = ['good', 'rejects', 'rejects', 'rejects'];

  const { verdicts, counts } = await outcomeOf(types, '2');

  expect(verdicts).toEqual(['compatible', 'failed', 'failed', 'failed']);
  expect(counts).toMatchObject({ screened: 1, byCore: 3, sampled: 1 });
});
