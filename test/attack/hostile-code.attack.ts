import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunReport } from '../../src/model/report';
import { type CliResult, ROOT, replay } from '../helpers/replay-cli';
import { HOSTILE_WORKFLOWS, type HostileWorkflow, hostileModule, recordedRun } from './hostile-workflows';

export interface AttackOptions {
  /** Time after which no further workflow is tried. */
  budgetMs?: number;
  /** Number of workflows. @default all */
  count?: number;
  /** Chooses the workflows if not all of them are tried. */
  seed?: number;
}

const TIMEOUT_MS = 3_000;
/** Time in which a run must end, whatever the code does. A history can reach its time limit twice. */
const MAX_RUN_MS = 90_000;
const FILES = ['1-good.json', '2-hostile.json', '3-good.json', '4-good.json'];

/** Replays hostile workflows by the built CLI, each in one process with histories of good code before and after it. */
export async function attack({
  budgetMs = Infinity,
  count = Infinity,
  seed = 0,
}: AttackOptions = {}): Promise<{
  tried: number;
  failures: string[];
}> {
  const all = Object.entries(HOSTILE_WORKFLOWS).map(([name, workflow], index) => ({ name, workflow, index }));
  const start = (seed * 7) % all.length;
  const chosen = [...all.slice(start), ...all.slice(0, start)].slice(0, count);
  const directory = mkdtempSync(join(tmpdir(), 'replay-attack-'));
  const endsAt = Date.now() + budgetMs;
  const failures: string[] = [];
  let tried = 0;
  try {
    symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
    writeFileSync(join(directory, 'workflows.js'), hostileModule());
    for (const { name, workflow, index } of chosen) {
      if (Date.now() > endsAt) break;
      tried++;
      for (const fault of await faultsOf(workflow, index, directory)) failures.push(`${name}: ${fault}`);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return { tried, failures };
}

async function faultsOf(workflow: HostileWorkflow, index: number, directory: string): Promise<string[]> {
  const histories = join(directory, `histories-${index}`);
  mkdirSync(histories);
  FILES.forEach((file, i) => {
    const type = file.includes('good') ? 'good' : `hostile${index}`;
    writeFileSync(join(histories, file), JSON.stringify(recordedRun(type, String(i + 1))));
  });
  const beganAt = Date.now();
  const run = replay(
    [
      ...['run', histories, '--workflows-path', join(directory, 'workflows.js'), '--reporter', 'json'],
      ...['--concurrency', '1', '--timeout', String(TIMEOUT_MS), '--cache-dir', join(directory, 'cache')],
    ],
    { cwd: directory },
  );
  const killer = setTimeout(() => run.child.kill('SIGKILL'), MAX_RUN_MS);
  const ended = await run;
  clearTimeout(killer);
  const tookMs = Date.now() - beganAt;
  if (tookMs >= MAX_RUN_MS) return [`it did not end within ${MAX_RUN_MS} ms`];
  return faultsOfRun(ended, workflow);
}

function faultsOfRun(
  { code, signal, stdout, stderr }: CliResult,
  { isCompatible = false }: HostileWorkflow,
): string[] {
  if (code === null || ![0, 1, 2].includes(code)) return [`it ended with ${code ?? signal}: ${stderr}`];
  let report: RunReport;
  try {
    report = JSON.parse(stdout) as RunReport;
  } catch {
    return [`it wrote no report, and exit code ${code}: ${stderr.slice(0, 500)}`];
  }
  const verdicts = report.results.map(({ file, verdict }) => `${file.split('/').at(-1)} ${verdict}`);
  const faults: string[] = [];
  const names = report.results.map(({ file }) => file.split('/').at(-1));
  if ([...names].sort().join() !== FILES.join()) faults.push(`it gave the results ${verdicts.join(', ')}`);
  for (const { file, verdict, error } of report.results) {
    const isGood = file.endsWith('good.json');
    if (isGood && verdict !== 'compatible') faults.push(`${file} is ${verdict}: ${error?.message ?? ''}`);
    if (!isGood && !isCompatible && verdict === 'compatible') faults.push(`${file} is compatible`);
  }
  if (faults.length === 0 && (code === 0) !== report.results.every(({ verdict }) => verdict === 'compatible'))
    faults.push(`it ended with ${code} over ${verdicts.join(', ')}`);
  return faults;
}
