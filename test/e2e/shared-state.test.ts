/** Workflows that change what the SDK shares between workflows, replayed before others in one process. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordedRun } from '../attack/hostile-workflows';
import { replay, reportOf, scratchDirectory } from '../helpers/replay-cli';

const WORKFLOWS = `
const { proxyActivities } = require('@temporalio/workflow');
const activities = proxyActivities({ startToCloseTimeout: '1m' });
Array.prototype.polyfill = () => 1;
exports.good = async () => { for (const name of ['step'].map((one) => one)) await activities[name](); };
exports.sandbox = async () => { Array.prototype.map = () => []; await activities.step(); };
exports.host = async () => { URL.prototype.toString = () => 'x'; await activities.step(); };
`;

async function notesOf(...types: string[]) {
  const directory = scratchDirectory();
  writeFileSync(join(directory, 'workflows.js'), WORKFLOWS);
  mkdirSync(join(directory, 'histories'));
  types.forEach((type, i) =>
    writeFileSync(join(directory, `histories/${i}.json`), JSON.stringify(recordedRun(type, String(i)))),
  );
  const flags = ['--workflows-path', 'workflows.js', '--concurrency', '1', '--reporter', 'json'];
  const report = reportOf(await replay(['run', 'histories', ...flags], { cwd: directory }));
  return {
    verdicts: report.results.map(({ verdict }) => verdict),
    notes: (report.notes ?? []).map(({ because, message }) => ({ because, message })),
  };
}

it.each([
  ['sandbox', 'Array.prototype.map', 'a context of its own'],
  ['host', 'URL.prototype.toString', 'a new process'],
])(
  'a workflow that changes a prototype of the %s changes no later verdict, and is named',
  async (type, property, where) => {
    const { verdicts, notes } = await notesOf('good', type, 'good', 'good');

    expect(verdicts).toEqual(['compatible', 'compatible', 'compatible', 'compatible']);
    expect(notes).toEqual([{ because: 'changed-shared-state', message: expect.stringContaining(property) }]);
    expect(notes[0]!.message).toContain(`(histories/1.json): each history after it was replayed in ${where}`);
  },
);

it('what modules change as they load is no change', async () => {
  const { verdicts, notes } = await notesOf('good', 'good', 'good');

  expect(verdicts).toEqual(['compatible', 'compatible', 'compatible']);
  expect(notes).toEqual([]);
});
