/** Compares `replay run` with a plain script on the SDK (docs/bench.md): `npm run bench -- [--pairs N] [--memory]` */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, URL } from 'node:url';
import { parseArgs } from 'node:util';
import { median, printTable, ratios } from './numbers.mjs';
import { peakMemory, runNode } from './processes.mjs';
import { copies, recordHistories } from './record.mjs';

const inRoot = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const WORKFLOWS = inRoot('bench/workflows.ts');
const DIRECTORY = join(tmpdir(), 'temporal-replay-bench');
const CASES = [
  { name: 'short', count: 600 },
  { name: 'middle', count: 100 },
  { name: 'long', count: 3 },
];
/** The case that shows the speed once everything is loaded. It is not replayed with core alone, which takes long. */
const MANY = { name: 'middle', count: 2000 };
const UNCHANGED = { name: 'middle', count: 1000 };
const MEMORY_CASES = [
  { name: 'middle', count: 100 },
  { name: 'middle', count: 2000 },
];

const { values: flags } = parseArgs({
  options: { pairs: { type: 'string', default: '5' }, memory: { type: 'boolean', default: false } },
});
const pairs = Number(flags.pairs);
if (!Number.isInteger(pairs) || pairs < 1) throw new Error(`--pairs ${flags.pairs}: not a number above 0`);

if (!flags.memory) await compareStartUp();
const events = await recordHistories(DIRECTORY, WORKFLOWS);
const cacheDir = await mkdtemp(join(tmpdir(), 'temporal-replay-bench-cache-'));
try {
  const agree =
    flags.memory ||
    ((await compareTimes(CASES, ['plain', 'cached', 'uncached'])) &&
      (await compareTimes([...CASES, MANY], ['plain', 'auto', 'auto uncached'])) &&
      (await compareUnchanged()) &&
      (await compareDiagnosis()));
  if (process.platform === 'linux') await compareMemory();
  else console.log('Memory: sampled on Linux only.');
  process.exitCode = agree ? 0 : 1;
} finally {
  await rm(cacheDir, { recursive: true, force: true });
}

function commands(histories) {
  const replay = [inRoot('lib/cli/main.js'), 'run', histories, '--workflows-path', WORKFLOWS];
  replay.push('--reporter', 'json', '--cache-dir', cacheDir);
  return {
    plain: [inRoot('bench/plain.mjs'), histories, WORKFLOWS],
    cached: [...replay, '--no-reuse-results'],
    uncached: [...replay, '--no-cache'],
    auto: [...replay, '--no-reuse-results', '--engine', 'auto'],
    'auto uncached': [...replay, '--no-cache', '--engine', 'auto'],
    unchanged: replay,
  };
}

/** The time until the CLI answers, in runs of Node itself: none of these needs a command to be loaded. */
async function compareStartUp() {
  const rows = [];
  for (const arg of ['--version', '--help']) {
    const seconds = { node: [], replay: [] };
    for (let pair = 0; pair < pairs * 2; pair++) {
      seconds.node.push((await runNode(['-e', '0'])).seconds);
      seconds.replay.push((await runNode([inRoot('lib/cli/main.js'), arg])).seconds);
    }
    rows.push({
      start: `replay ${arg}`,
      'node -e 0 s': median(seconds.node).toFixed(3),
      'replay s': median(seconds.replay).toFixed(3),
      'replay / node': ratios(seconds.replay, seconds.node),
    });
  }
  printTable(rows);
}

/** Compares the whole processes of several sides, the first of which is the plain script, in turns. */
async function compareTimes(cases, sides) {
  const rows = [];
  let agree = true;
  for (const { name, count } of cases) {
    const all = commands(await copies(DIRECTORY, name, count));
    // One run of each fills the bundle cache and the file system's cache.
    for (const side of sides) await runNode(all[side]);
    const seconds = Object.fromEntries(sides.map((side) => [side, []]));
    const verdicts = Object.fromEntries(sides.map((side) => [side, new Set()]));
    for (let pair = 0; pair < pairs; pair++) {
      for (const side of pair % 2 === 1 ? [...sides].reverse() : sides) {
        const run = await runNode(all[side]);
        seconds[side].push(run.seconds);
        verdicts[side].add(verdictsIn(run.stdout));
      }
      console.error(`${name}, ${sides.join(', ')}: pair ${pair + 1} of ${pairs}`);
    }
    const said = new Set(Object.values(verdicts).flatMap((set) => [...set]));
    agree &&= said.size === 1;
    const [plain, ...others] = sides;
    rows.push({
      histories: count,
      events: events[name],
      ...Object.fromEntries(sides.map((side) => [`${side} s`, median(seconds[side]).toFixed(2)])),
      ...Object.fromEntries(
        others.map((side) => [`${plain} / ${side}`, ratios(seconds[plain], seconds[side])]),
      ),
      'verdicts: plain': [...verdicts[plain]].join(' | '),
      'verdicts: replay': [...new Set(others.flatMap((side) => [...verdicts[side]]))].join(' | '),
    });
  }
  printTable(rows);
  if (!agree) console.error('The two sides disagree on the verdicts.');
  return agree;
}

/** Compares a run for which nothing has changed since the one before it. */
async function compareUnchanged() {
  const { name, count } = UNCHANGED;
  const { plain, unchanged } = commands(await copies(DIRECTORY, name, count));
  await runNode(unchanged);
  const seconds = { plain: [], unchanged: [] };
  const verdicts = new Set();
  for (let pair = 0; pair < pairs; pair++) {
    for (const [which, command] of Object.entries({ plain, unchanged })) {
      const run = await runNode(command);
      seconds[which].push(run.seconds);
      verdicts.add(verdictsIn(run.stdout));
    }
    console.error(`unchanged: pair ${pair + 1} of ${pairs}`);
  }
  printTable([
    {
      histories: count,
      events: events[name],
      'plain s': median(seconds.plain).toFixed(2),
      'run s, nothing changed': median(seconds.unchanged).toFixed(2),
      'plain / run': ratios(seconds.plain, seconds.unchanged),
      verdicts: [...verdicts].join(' | '),
    },
  ]);
  return verdicts.size === 1;
}

/** Measures the cost of the diagnosis if there is nothing to diagnose: the same run with it switched on and off. */
async function compareDiagnosis() {
  const rows = [];
  for (const { name, count } of CASES) {
    const histories = await copies(DIRECTORY, name, count);
    const commandOf = (traces) => [inRoot('bench/library.mjs'), histories, WORKFLOWS, cacheDir, traces];
    const seconds = { failures: [], none: [] };
    await runNode(commandOf('failures'));
    for (let pair = 0; pair < pairs * 2; pair++) {
      const order = pair % 2 === 0 ? ['failures', 'none'] : ['none', 'failures'];
      for (const traces of order) seconds[traces].push((await runNode(commandOf(traces))).seconds);
      console.error(`diagnosis, ${name}: pair ${pair + 1} of ${pairs * 2}`);
    }
    rows.push({
      histories: count,
      events: events[name],
      'with s': median(seconds.failures).toFixed(2),
      'without s': median(seconds.none).toFixed(2),
      'with / without': ratios(seconds.failures, seconds.none),
    });
  }
  printTable(rows);
  return true;
}

/** Returns the verdicts of a run in the terms of the plain script, which cannot see drift. */
function verdictsIn(stdout) {
  const printed = JSON.parse(stdout);
  if (!printed.summary) return `${printed.ok} ok, ${printed.failed} failed`;
  const { histories, compatible, drifted } = printed.summary;
  return `${compatible + drifted} ok, ${histories - compatible - drifted} failed`;
}

async function compareMemory() {
  const rows = [];
  for (const { name, count } of MEMORY_CASES) {
    const { cached } = commands(await copies(DIRECTORY, name, count));
    if (rows.length === 0) await runNode(cached);
    const { sum, max, processes, stdout } = await peakMemory(cached);
    rows.push({ histories: count, events: events[name], processes, sum, max, verdicts: verdictsIn(stdout) });
  }
  const [few, many] = rows;
  printTable(
    rows.map((row) => ({ ...row, sum: `${row.sum.toFixed(0)} MiB`, max: `${row.max.toFixed(0)} MiB` })),
  );
  const ratio = (key) => `${key} ${(many[key] / few[key]).toFixed(2)}`;
  console.log(
    `Memory for ${many.histories} histories to that for ${few.histories}: ${ratio('sum')}, ${ratio('max')}`,
  );
}
