/** Measures the steps that have a limit of time (docs/bench.md): `npm run bench:limits`. Exits with 1 if one takes longer. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { temporal } from '@temporalio/proto';
import { decodeHistories } from '../src/history/decode';
import { REPORTERS } from '../src/report/reporters';
import { cutToWidth } from '../src/report/text/text-width';
import { timelineOf } from '../src/temporal/timeline';
import { findChromium, launchChromium } from '../test/helpers/chromium';
import { sampleHtmlReport } from '../test/helpers/sample-html-report';
import { shownBy } from '../test/helpers/shown-by';

interface Limit {
  step: string;
  unit: 'µs' | 'ms' | 's';
  limit: number;
  /** Returns one time, in the unit; null if it cannot be measured here. */
  measure(): Promise<number | null> | number;
}

const ROOT = join(__dirname, '..');
const CLI = join(ROOT, 'lib/cli/main.js');
const HISTORIES = join(ROOT, 'histories/processOrder');
const WORKFLOWS = join(ROOT, 'examples/order-service/src/workflows/index.ts');
const REPEATS = 3;
const LOOK_EVERY_MS = 100;
const START_CPU_SECONDS = 6;

// Within the repository, so that workflow code finds the SDK.
mkdirSync(join(ROOT, 'test/scratch'), { recursive: true });
const scratch = mkdtempSync(join(ROOT, 'test/scratch/limits-'));

function decodeEvent(): number {
  const { events } = JSON.parse(readFileSync(oneHistory(), 'utf8')) as { events: object[] };
  const many = Array.from({ length: Math.ceil(6_000 / events.length) }, () => events).flat();
  const bytes = Buffer.from(JSON.stringify({ events: many }));
  return (timeOf(() => [...decodeHistories({ file: 'long.json', bytes })]) * 1000) / many.length;
}

function oneHistory(): string {
  const [name] = readdirSync(HISTORIES).filter((file) => file.endsWith('.json'));
  return join(HISTORIES, name!);
}

function makeTimeline(): number {
  const { History } = temporal.api.history.v1;
  const { EventType } = temporal.api.enums.v1;
  const chunk = [
    { eventType: EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED, workflowTaskScheduledEventAttributes: {} },
    { eventType: EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED, workflowTaskStartedEventAttributes: {} },
    { eventType: EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED, workflowTaskCompletedEventAttributes: {} },
    { eventType: EventType.EVENT_TYPE_TIMER_STARTED, timerStartedEventAttributes: { timerId: '1' } },
    { eventType: EventType.EVENT_TYPE_TIMER_FIRED, timerFiredEventAttributes: { timerId: '1' } },
  ];
  const { events } = History.decode(History.encode(History.create({ events: chunk })).finish());
  const many = Array.from({ length: 10_000 }, () => events).flat();
  return timeOf(() => timelineOf(many));
}

const cutText = (): number => timeOf(() => cutToWidth('注'.repeat(1_000_000), 20));

async function searchPage(): Promise<number | null> {
  const executablePath = findChromium();
  if (executablePath === null) return null;
  const browser = await launchChromium(executablePath);
  try {
    const file = join(scratch, 'report.html');
    const report = sampleHtmlReport({ failing: 1_000, entries: 60 });
    writeFileSync(file, await shownBy(REPORTERS.html!.open, report));
    const page = await browser.newPage();
    await page.goto(pathToFileURL(file).href);
    const startedAt = performance.now();
    await page.getByRole('searchbox').fill('order-999');
    const found = page.locator('#list li:not([hidden]) a');
    while ((await found.count()) !== 1) await sleep(10);
    await found.click();
    await page.locator('#detail h3', { hasText: 'order-999' }).waitFor();
    return performance.now() - startedAt;
  } finally {
    await browser.close();
  }
}

/** Interrupts a run whose workflow code never ends, once a replay process is in the endless loop. */
async function interruptRun(): Promise<number> {
  const workflows = join(scratch, 'loop.ts');
  writeFileSync(workflows, 'export async function processOrder(): Promise<void> {\n  for (;;);\n}\n');
  const child = startCli(['run', HISTORIES, '--workflows-path', workflows, '--timeout', '10m']);
  await until(child, () => isLooping(child.pid!));
  return interrupt(child);
}

/** Interrupts watch mode once it has replayed all histories and waits for changes. */
async function interruptWatch(): Promise<number> {
  const child = startCli(['run', HISTORIES, '--workflows-path', WORKFLOWS, '--watch']);
  let shown = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (shown += text));
  await until(child, () => /\d+ compatible/.test(shown));
  return interrupt(child);
}

async function until(child: ChildProcess, isReached: () => boolean): Promise<void> {
  while (!isReached()) {
    if (child.exitCode !== null) throw new Error(`replay ended with ${child.exitCode} before Ctrl-C`);
    await sleep(LOOK_EVERY_MS);
  }
}

/** Returns true if a child of a process has used more processor time than it needs to start. */
const isLooping = (pid: number): boolean =>
  // Without a child, ps fails and prints nothing.
  spawnSync('ps', ['--ppid', String(pid), '-o', 'cputimes='], { encoding: 'utf8' })
    .stdout.split('\n')
    .some((seconds) => Number(seconds) >= START_CPU_SECONDS);

/** Returns the time in ms from Ctrl-C to the end of the process. */
async function interrupt(child: ChildProcess): Promise<number> {
  const exit = once(child, 'exit');
  const startedAt = performance.now();
  child.kill('SIGINT');
  await exit;
  return performance.now() - startedAt;
}

const fetchFromClosedPort = async (): Promise<number> => failingFetch(await freePort());

async function fetchFromSilentPort(): Promise<number> {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  try {
    return await failingFetch((silent.address() as AddressInfo).port);
  } finally {
    silent.close();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function failingFetch(port: number): Promise<number> {
  const startedAt = performance.now();
  const child = startCli(['fetch', '--query', '', '--out', scratch, '--address', `127.0.0.1:${port}`]);
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 3) throw new Error(`replay fetch ended with ${code} instead of 3`);
  return (performance.now() - startedAt) / 1000;
}

async function runDemo(): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['-r', 'esbuild-register', 'demo/main.ts'], {
    cwd: ROOT,
    stdio: 'ignore',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`The demonstration ended with ${code}`);
  return (performance.now() - startedAt) / 1000;
}

const startCli = (args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [CLI, ...args], { cwd: scratch, stdio: ['ignore', 'pipe', 'ignore'] });

/** Returns the time of a call in ms. A first call warms it up. */
function timeOf(call: () => unknown): number {
  call();
  const startedAt = performance.now();
  call();
  return performance.now() - startedAt;
}

const LIMITS: readonly Limit[] = [
  { step: 'decode one event of a JSON history of 6,000', unit: 'µs', limit: 60, measure: decodeEvent },
  { step: 'make the timeline of 50,000 events', unit: 'ms', limit: 1_000, measure: makeTimeline },
  { step: 'cut a text of a million wide characters', unit: 'ms', limit: 100, measure: cutText },
  { step: 'search and open one of 1,000 failures (HTML)', unit: 'ms', limit: 5_000, measure: searchPage },
  { step: 'end after Ctrl-C, during an endless loop', unit: 'ms', limit: 1_000, measure: interruptRun },
  { step: 'end after Ctrl-C, in watch mode', unit: 'ms', limit: 1_000, measure: interruptWatch },
  { step: 'report a cluster that refuses connections', unit: 's', limit: 8, measure: fetchFromClosedPort },
  { step: 'report a cluster that never answers', unit: 's', limit: 12, measure: fetchFromSilentPort },
  { step: 'run the demonstration', unit: 's', limit: 90, measure: runDemo },
];

async function main(): Promise<void> {
  const rows: Record<string, string>[] = [];
  for (const { step, unit, limit, measure } of LIMITS) {
    const times: number[] = [];
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const time = await measure();
      if (time !== null) times.push(time);
    }
    process.stderr.write(`${step}\n`);
    const isHeld = times.every((time) => time <= limit);
    if (!isHeld) process.exitCode = 1;
    const shown = times.map((time) => time.toFixed(unit === 's' ? 1 : 0)).join(', ');
    rows.push({
      step,
      [`${REPEATS} times`]: shown === '' ? 'not measured: no Chromium' : `${shown} ${unit}`,
      limit: `${limit.toLocaleString('en')} ${unit}`,
      held: times.length === 0 ? '' : isHeld ? 'yes' : 'no',
    });
  }
  const { printTable } = (await import('./numbers.mjs' as string)) as { printTable(rows: object[]): void };
  printTable(rows);
}

void main().finally(() => rmSync(scratch, { recursive: true, force: true }));
