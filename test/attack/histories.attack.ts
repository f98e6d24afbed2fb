import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunReport } from '../../src/model/report';
import type { HistoryResult } from '../../src/model/verdict';
import { ROOT, replay } from '../helpers/replay-cli';
import { type Change, changedHistory } from './change-history';
import { random } from '../helpers/random';

const FIXTURES = join(ROOT, 'test/history/validate/fixtures');
const WORKFLOWS = join(FIXTURES, 'workflows.ts');
const RECORDED = ['everything', 'open', 'cancelled', 'options', 'reset', 'delayed'];
/** Histories that one run of the CLI replays. */
const BATCH = 200;

/** Codes that no history may lead to, however it is changed: the process or core broke, or nothing was understood. */
const BROKEN: ReadonlySet<string> = new Set(['CORE_PANIC', 'PROCESS_DIED', 'TIMEOUT', 'REPLAY_FAILED']);

/**
 * Replays recorded histories with fields removed, retyped, moved and renumbered, by the built CLI. Each must get a verdict of
 * its own: invalid or failed by the history, or what the changed history says about the code.
 */
export async function attack({
  budgetMs = 60_000,
  count = Infinity,
  seed = 1,
}: { budgetMs?: number; count?: number; seed?: number } = {}): Promise<{
  tried: number;
  failures: string[];
}> {
  const next = random(seed);
  const originals = RECORDED.map((name) => readFileSync(join(FIXTURES, `${name}.json`), 'utf8'));
  const until = Date.now() + budgetMs;
  const failures: string[] = [];
  let tried = 0;
  while (tried < count && Date.now() < until) {
    const size = Math.min(BATCH, count - tried);
    const changed = Array.from({ length: size }, () =>
      changedHistory(JSON.parse(originals[Math.floor(next() * originals.length)]!) as never, next),
    );
    failures.push(...(await failuresOf(changed)).map((failure) => `seed ${seed}: ${failure}`));
    tried += size;
  }
  return { tried, failures };
}

async function failuresOf(changed: readonly Change[]): Promise<string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'replay-attack-'));
  try {
    const files = changed.map((_, i) => `${String(i).padStart(4, '0')}.json`);
    changed.forEach(({ history }, i) => writeFileSync(join(directory, files[i]!), JSON.stringify(history)));
    const run = await replay(['run', directory, '--workflows-path', WORKFLOWS, '--reporter', 'json']);
    const about = (index: number): string => changed[index]?.description ?? `history ${index}`;
    if (![0, 1, 2].includes(run.code ?? -1)) return [`exit code ${run.code ?? run.signal}: ${run.stderr}`];
    const { results } = JSON.parse(run.stdout) as RunReport;
    const byFile = new Map(results.map((result) => [result.file.slice(-9), result]));
    return files.flatMap((file, i) => {
      const problem = problemOf(byFile.get(file));
      return problem === null ? [] : [`${about(i)}: ${problem}`];
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function problemOf(result: HistoryResult | undefined): string | null {
  if (result === undefined) return 'no result';
  const { error } = result;
  return error && BROKEN.has(error.code) ? `${error.code} ${error.message}` : null;
}
