import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HistoryResult, RunReport } from '../../lib';
import { ROOT, replayInHost, reportOf, scratchDirectory, writeEdited } from '../helpers/replay-cli';

const WORKFLOWS = join(ROOT, 'examples/order-service/src/workflows');
const WORKFLOWS_PATH = join(WORKFLOWS, 'index.ts');
const HISTORIES = join(ROOT, 'histories');

/** Returns the parts of results that coverage must not change, by file. */
const judged = (results: readonly HistoryResult[]): object =>
  Object.fromEntries(
    results.map(({ file, verdict, verifiedEvents, drift }) => [file, { verdict, verifiedEvents, drift }]),
  );

/** A report without what differs from run to run. */
const TIMES = ['durationMs', 'startedAt'];
const untimed = (report: RunReport): object =>
  JSON.parse(JSON.stringify(report, (key, value: unknown) => (TIMES.includes(key) ? 0 : value))) as object;

/** Hits by line of one file of a report. */
function hitsIn(lcov: string, file: string): Record<number, number> {
  const record = lcov.split('end_of_record').find((part) => part.includes(`/${file}\n`))!;
  return Object.fromEntries(
    [...record.matchAll(/^DA:(\d+),(\d+)$/gm)].map(([, line, hits]) => [Number(line), Number(hits)]),
  );
}

describe('a replay with coverage', () => {
  it('gives every recorded history the same verdict as without coverage', async () => {
    const directory = scratchDirectory();
    const run = async (...flags: string[]) => {
      const args = ['run', HISTORIES, '--workflows-path', WORKFLOWS_PATH, '--reporter', 'json', ...flags];
      return reportOf(await replayInHost(args, { cwd: directory })).results;
    };

    const plain = await run();
    const measured = await run('--coverage');

    expect(plain.length).toBeGreaterThan(100);
    expect(judged(measured)).toEqual(judged(plain));
  });

  it('gives the same diagnosis, and does not count code that only the diagnosis runs', async () => {
    const directory = scratchDirectory();
    cpSync(join(WORKFLOWS, '..'), join(directory, 'src'), { recursive: true });
    const edited = join(directory, 'src/workflows/process-order.ts');
    writeEdited(join(WORKFLOWS, 'process-order.ts'), edited, [
      [
        'const { taxCents } = await activities.quoteTax({ region: order.region, netCents });',
        'const taxCents = 0;',
      ],
    ]);
    const file = ofType('processOrder', 'order-completed');
    const args = ['run', file, '--workflows-path', 'src/workflows/index.ts', '--reporter', 'json'];

    const plain = reportOf(await replayInHost(args, { cwd: directory }));
    const measured = reportOf(await replayInHost([...args, '--coverage'], { cwd: directory }));

    expect(plain.results[0]!.verdict).toBe('incompatible');
    expect(untimed(measured)).toEqual(untimed(plain));
    const reserve = lineOf(edited, 'await activities.reserveInventory');
    const hits = hitsIn(readFileSync(join(directory, 'coverage/lcov.info'), 'utf8'), 'process-order.ts');
    expect(hits[reserve]).toBe(1);
    expect(hits[lineOf(edited, 'await activities.chargePayment')]).toBe(0);
  });
});

describe('replay run --coverage', () => {
  it('writes lcov.info for the workflow files, and prints what no history exercises', async () => {
    const directory = scratchDirectory();
    const file = ofType('processOrder', 'order-completed');

    const run = await replayInHost(
      [
        'run',
        file,
        '--workflows-path',
        WORKFLOWS_PATH,
        '--coverage',
        '--reporter',
        'pretty',
        '--no-hide-values',
      ],
      { cwd: directory },
    );

    expect(run.code).toBe(0);
    const lcov = readFileSync(join(directory, 'coverage/lcov.info'), 'utf8');
    const sources = [...lcov.matchAll(/^SF:(.*)$/gm)].map(([, path]) => path!.replace(/.*workflows\//, ''));
    expect(sources).toEqual(expect.arrayContaining(['process-order.ts', 'saga.ts', 'subscription.ts']));
    expect(lcov).not.toContain('node_modules');
    const processOrder = join(WORKFLOWS, 'process-order.ts');
    const fraud = lineOf(processOrder, 'if (score > 90)');
    expect(run.stdout).toMatch(/process-order\.ts +lines \d+ % \(\d+\/\d+\) +branches \d+ %/);
    expect(run.stdout).toMatch(new RegExp(`process-order\\.ts:${fraud}:7 if: then`));
    expect(run.stdout).toMatch(/saga\.ts: \d+/);
    const patched = lineOf(processOrder, "patched('assess-fraud')");
    expect(run.stdout).toMatch(
      new RegExp(`patched\\('assess-fraud'\\) never false: .*process-order\\.ts:${patched}:9`),
    );
  });

  it('prints the summary to standard error beside a machine-readable reporter', async () => {
    const directory = scratchDirectory();
    const file = ofType('processOrder', 'order-completed');

    const run = await replayInHost(
      ['run', file, '--workflows-path', WORKFLOWS_PATH, '--coverage-dir', 'out', '--reporter', 'json'],
      { cwd: directory },
    );

    expect(reportOf(run).summary.compatible).toBe(1);
    expect(run.stderr).toContain('out/lcov.info is written.');
  });

  it('adds up projects, and counts files that no history loads as not run', async () => {
    const directory = scratchDirectory();
    mkdirSync(join(directory, 'src'));
    writeFileSync(
      join(directory, 'src/unused.ts'),
      'export async function unused(): Promise<number> {\n  return 1;\n}\n',
    );
    const config = {
      projects: [{ workflowsPath: WORKFLOWS_PATH }, { workflowsPath: './src/unused.ts' }],
      coverage: true,
      coverageDir: 'measured',
    };
    writeFileSync(join(directory, 'replay.config.json'), JSON.stringify(config));

    const run = await replayInHost(['run', ofType('shipOrder', ''), '--reporter', 'pretty'], {
      cwd: directory,
    });

    expect(run.stdout).toMatch(/src\/unused\.ts +lines 0 % \(0\/1\)/);
    expect(run.stdout).toMatch(/ship-order\.ts +lines [1-9]\d* %/);
    expect(readFileSync(join(directory, 'measured/lcov.info'), 'utf8')).toContain('SF:src/unused.ts');
  });

  it('rejects a prebuilt bundle', async () => {
    const run = await replayInHost(['run', HISTORIES, '--bundle', 'bundle.js', '--coverage']);

    expect(run.code).toBe(2);
    expect(run.stderr).toContain('Coverage cannot be measured in a prebuilt bundle (bundle.js).');
  });
});

function ofType(type: string, name: string): string {
  const directory = join(HISTORIES, type);
  return join(
    directory,
    readdirSync(directory).find((file) => file.startsWith(name))!,
  );
}

const lineOf = (file: string, text: string): number =>
  readFileSync(file, 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(text)) + 1;
