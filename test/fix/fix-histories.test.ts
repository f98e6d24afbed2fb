import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FixStages, fixHistories } from '../../src/fix/fix-histories';
import type { FailureGroup } from '../../src/model/diagnosis';
import type { DiagnosedReport } from '../../src/model/report';
import type { Verdict } from '../../src/model/verdict';
import { reportOf, resultOf } from '../gate/baseline/reports';
import { scratchDirectory } from '../helpers/replay-cli';

/** Each line of the code says which verdict a history gets: `o1=failed`. The fix of a history replaces its line. */
function bench(lines: string[], fixes: Readonly<Record<string, string>>) {
  const cwd = scratchDirectory();
  const path = join(cwd, 'flow.ts');
  writeFileSync(path, lines.join('\n'));
  const abort = new AbortController();
  const codes: string[] = [];
  const replay = (): Promise<DiagnosedReport> => {
    const code = readFileSync(path, 'utf8');
    codes.push(code);
    const now = code.split('\n');
    const results = now.map((line) => {
      const [name, verdict] = line.split('=') as [string, Verdict];
      return resultOf(name, verdict);
    });
    const groups = now.flatMap((line, n): FailureGroup[] => {
      const replacement = fixes[line];
      if (results[n]!.verdict === 'compatible') return [];
      const edits = replacement ? [{ file: 'flow.ts', startLine: n + 1, endLine: n + 1, replacement }] : [];
      const trial = replacement ? { outcome: 'passed', mended: 1, unchanged: 0 } : null;
      return [{ fingerprint: line, results: [n], count: 1, remedies: [{ edits, trial }] }] as never;
    });
    return Promise.resolve({ ...reportOf(...results), status: 'complete', groups } as DiagnosedReport);
  };
  const stages: FixStages = {
    cwd,
    signal: abort.signal,
    replay,
    decide: () => Promise.resolve('write'),
  };
  return { stages, codes, abort, code: () => readFileSync(path, 'utf8') };
}

const BREAKS = ['o1=incompatible', '-=compatible', 'o2=incompatible'];

it('writes fixes that do not touch at once, and replays everything with them', async () => {
  const { stages, code, codes } = bench(BREAKS, {
    'o1=incompatible': 'o1=compatible',
    'o2=incompatible': 'o2=compatible',
  });

  const { kept, report } = await fixHistories(stages);

  expect(code()).toBe('o1=compatible\n-=compatible\no2=compatible');
  expect(codes).toHaveLength(2);
  expect(kept).toHaveLength(2);
  expect(report.summary.incompatible).toBe(0);
});

it('takes back a fix that makes another history worse, and keeps the others', async () => {
  const { stages, code } = bench(['n=compatible', ...BREAKS], {
    'o1=incompatible': 'o1=compatible\nn=failed',
    'o2=incompatible': 'o2=compatible',
  });

  const { kept, undone } = await fixHistories(stages);

  expect(code()).toBe('n=compatible\no1=incompatible\n-=compatible\no2=compatible');
  expect(kept.map(({ group }) => group.fingerprint)).toEqual(['o2=incompatible']);
  expect(undone.map(({ group }) => group.fingerprint)).toEqual(['o1=incompatible']);
});

it('takes back what an abort leaves without a verdict', async () => {
  const { stages, code, abort } = bench(BREAKS, { 'o1=incompatible': 'o1=compatible' });
  let replays = 0;
  const replay = async (): Promise<DiagnosedReport> => {
    const report = await stages.replay();
    if (++replays === 1) return report;
    abort.abort();
    return { ...report, status: 'interrupted' };
  };

  const { kept } = await fixHistories({ ...stages, replay });

  expect(kept).toEqual([]);
  expect(code()).toBe(BREAKS.join('\n'));
});

it('takes back what was written if the replay breaks', async () => {
  const { stages, code } = bench(BREAKS, { 'o1=incompatible': 'o1=compatible' });
  let replays = 0;
  const replay = (): Promise<DiagnosedReport> =>
    ++replays === 1 ? stages.replay() : Promise.reject(new Error('no memory'));

  await expect(fixHistories({ ...stages, replay })).rejects.toThrow('no memory');

  expect(code()).toBe(BREAKS.join('\n'));
});

it('leaves what is skipped, and ends when it is told to', async () => {
  const fixes = { 'o1=incompatible': 'o1=compatible', 'o2=incompatible': 'o2=compatible' };
  const skipping = bench(BREAKS, fixes);
  const stopping = bench(BREAKS, fixes);

  await fixHistories({
    ...skipping.stages,
    decide: ({ group }) => Promise.resolve(group.fingerprint.startsWith('o1') ? 'skip' : 'write'),
  });
  await fixHistories({ ...stopping.stages, decide: () => Promise.resolve('stop') });

  expect(skipping.code()).toBe('o1=incompatible\n-=compatible\no2=compatible');
  expect(stopping.code()).toBe(BREAKS.join('\n'));
});

it('asks about a cause without a fix once', async () => {
  const { stages } = bench(BREAKS, {});
  const asked: string[] = [];

  await fixHistories({
    ...stages,
    decideWithout: (group) => {
      asked.push(group.fingerprint);
      return Promise.resolve('skip');
    },
  });

  expect(asked).toEqual(['o1=incompatible', 'o2=incompatible']);
});
