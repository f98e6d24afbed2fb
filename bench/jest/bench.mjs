/** Compares a jest suite with the preset and on plain `TestWorkflowEnvironment` (docs/bench.md): `npm run bench:jest -- [--pairs N]` */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, URL } from 'node:url';
import { parseArgs } from 'node:util';
import locate from '../../lib/server/locate.js';
import { median, printTable, ratios } from '../numbers.mjs';
import { runNode } from '../processes.mjs';
import { writeSuites } from './suites.mjs';

const { values: flags } = parseArgs({ options: { pairs: { type: 'string', default: '3' } } });
const pairs = Number(flags.pairs);
if (!Number.isInteger(pairs) || pairs < 1) throw new Error(`--pairs ${flags.pairs}: not a number above 0`);

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const jest = join(root, 'node_modules/jest/bin/jest.js');
const located = await locate.locateServer('time-skipping');
if (!located.path) throw new Error('There is no time-skipping server: see `replay doctor`.');

const directory = await mkdtemp(join(tmpdir(), 'temporal-replay-bench-jest-'));
try {
  const suites = await writeSuites(directory, { root, serverPath: located.path });
  const seconds = Object.fromEntries(Object.keys(suites).map((name) => [name, []]));
  // One run of each fills the caches of jest, of bundles and of the file system.
  for (const suite of Object.values(suites)) await run(suite);
  for (let pair = 0; pair < pairs; pair++) {
    const order = Object.entries(suites);
    if (pair % 2 === 1) order.reverse();
    for (const [name, suite] of order) seconds[name].push(await run(suite));
    console.error(`pair ${pair + 1} of ${pairs}`);
  }
  printTable(
    Object.keys(suites).map((name) => ({
      suite: name,
      seconds: median(seconds[name]).toFixed(2),
      'its time / that of the preset': ratios(seconds[name], seconds.preset),
    })),
  );
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function run(suite) {
  const outputFile = join(suite, 'results.json');
  const { seconds } = await runNode([
    ...[jest, '--config', join(suite, 'jest.config.js')],
    ...['--json', '--outputFile', outputFile],
  ]);
  const { numPassedTests, numTotalTests } = JSON.parse(await readFile(outputFile, 'utf8'));
  if (numPassedTests !== 30 || numTotalTests !== 30)
    throw new Error(`${suite}: ${numPassedTests} of ${numTotalTests} tests passed, where 30 should`);
  return seconds;
}
