/** Replays with the options of a service's worker, as `--worker` and as single options. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, type CliResult, replay, reportOf, scratchDirectory } from '../helpers/replay-cli';

const SERVICE = join(ROOT, 'test/services/worker-options');
const HISTORIES = join(SERVICE, 'histories');

const run = (worker: string, args: string[] = [], env: NodeJS.ProcessEnv = {}): Promise<CliResult> =>
  replay(['run', HISTORIES, '--worker', worker, '--reporter', 'json', ...args], { env });

const verdicts = (result: CliResult): string[] =>
  reportOf(result).results.map(({ workflowId, verdict }) => `${workflowId} ${verdict}`);

describe('replay run --worker', () => {
  it('replays as the worker runs: plugins, its connection, failure error types, sinks; what the module prints stays out of the report', async () => {
    const auditFile = join(scratchDirectory(), 'audit.txt');

    const result = await run(join(SERVICE, 'worker-options.ts'), [], { AUDIT_FILE: auditFile });

    expect(result.stderr).toBe('Making the options of the worker.\n');
    expect(verdicts(result).sort()).toEqual(['empty compatible', 'full compatible']);
    expect(readFileSync(auditFile, 'utf8').split('\n').sort()).toEqual([
      '',
      'ordered ',
      'ordered a book and a pen',
    ]);
  });

  it('leaves standard input to the module, in each replay process too', async () => {
    const directory = scratchDirectory();
    const file = join(directory, 'options.ts');
    const options = `{ workflowsPath: ${JSON.stringify(join(ROOT, 'test/services/small/workflows.ts'))} }`;
    writeFileSync(file, `process.stdin.unref?.();\nexport const workerOptions = ${options};`);

    const result = await replay([
      ...['run', join(ROOT, 'test/services/small/histories'), '--worker', file, '--reporter', 'json'],
    ]);

    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(reportOf(result).summary.compatible).toBe(7);
  });

  it.each([
    [
      'that starts a worker when it is loaded',
      `import { Worker } from '@temporalio/worker';
       export const worker = await Worker.create({ taskQueue: 'orders' });`,
      'options.ts cannot be loaded: It starts a worker',
    ],
    ['without the export', 'export const options = {};', 'options.ts exports no worker options'],
  ])('refuses a module %s, before anything is replayed', async (_, text, message) => {
    const directory = scratchDirectory();
    writeFileSync(join(directory, 'options.ts'), text);

    const { code, stdout, stderr } = await run(join(directory, 'options.ts'));

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).toContain('[WORKER_OPTIONS]');
  });
});

describe('replay run, with a workflow type that two projects have', () => {
  const PROJECTS = {
    other: 'export async function order(): Promise<void> {}',
    orders: `import { sleep } from '@temporalio/workflow'; export async function order() { await sleep(10); throw 'none'; }`,
  };

  /** Runs both projects, the wrong one first, with these options, on the history of an order that failed. */
  async function runBoth(options: (name: string) => object): Promise<CliResult> {
    const directory = scratchDirectory();
    const projects = Object.entries(PROJECTS).map(([name, code]) => {
      writeFileSync(join(directory, `${name}.ts`), code);
      return {
        workflowsPath: `${name}.ts`,
        workflowFailureErrorTypes: { '*': ['Error'] },
        dataConverter: join(ROOT, 'test/services/converters/data-converter.ts'),
        ...options(name),
      };
    });
    writeFileSync(join(directory, 'replay.config.json'), JSON.stringify({ projects }));
    return replay(['run', HISTORIES, '--reporter', 'json'], { cwd: directory });
  }

  it('replays each history with the project of its own task queue', async () => {
    const report = reportOf(await runBoth((name) => ({ name })));

    expect(report.notes).toBeUndefined();
    expect(report.results.map(({ divergence }) => divergence?.eventId)).not.toContain(5);
  });

  it('says in a note that nothing decides', async () => {
    const report = reportOf(await runBoth((name) => ({ name: `shop-${name}` })));

    expect(report.notes).toMatchObject([
      { because: 'ambiguous-project', projects: ['shop-other', 'shop-orders'] },
    ]);
    expect(report.notes![0]!.message).toContain('which project has run 2 histories of order');
  });
});

describe('the options of a worker in replay.config', () => {
  it('count one by one, without a module of worker options', async () => {
    const directory = scratchDirectory();
    mkdirSync(directory, { recursive: true });
    writeFileSync(
      join(directory, 'plugins.ts'),
      `import { CodecPlugin, PolyfillPlugin } from ${JSON.stringify(join(SERVICE, 'plugins'))};
       export const plugins = () => [new PolyfillPlugin(), new CodecPlugin()];`,
    );
    writeFileSync(
      join(directory, 'replay.config.json'),
      JSON.stringify({
        workflowsPath: join(SERVICE, 'workflows.ts'),
        plugins: 'plugins.ts',
        workflowFailureErrorTypes: { order: ['OutOfStock'] },
      }),
    );

    const result = await replay(['run', HISTORIES, '--reporter', 'json'], { cwd: directory });

    expect(verdicts(result).sort()).toEqual(['empty compatible', 'full compatible']);
  });
});
