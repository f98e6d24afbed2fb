/** A service whose workflows end or damage the process in which the screen runs them, with recorded runs. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordedRun } from '../attack/hostile-workflows';
import { scratchDirectory } from '../helpers/replay-cli';

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

/** Arguments of a run of the service, in its directory. */
export const RUN = [
  'run',
  'histories',
  '--workflows-path',
  'workflows.js',
  '--engine',
  'auto',
  '--reporter',
  'json',
];

/** Writes the service with one history of each of these types, in their order. Returns its directory. */
export function unrulyService(types: readonly string[]): string {
  const directory = scratchDirectory();
  writeFileSync(join(directory, 'workflows.js'), WORKFLOWS);
  mkdirSync(join(directory, 'histories'));
  types.forEach((type, i) =>
    writeFileSync(
      join(directory, `histories/${String(i).padStart(2, '0')}.json`),
      JSON.stringify(recordedRun(type, String(i))),
    ),
  );
  return directory;
}
