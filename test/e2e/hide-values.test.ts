import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { useDevServer } from '../helpers/dev-server';
import { type CliResult, replay, scratchDirectory } from '../helpers/replay-cli';
import { soon } from '../helpers/soon';

const environment = useDevServer();

const CARD = 'card-4111-of-alice';
const TASK_QUEUE = 'hide-values';
const QUERY = `WorkflowType = "payOrder"`;

const WORKFLOW = `
import { proxyActivities } from '@temporalio/workflow';

interface Activities {
  chargeCard(input: { card: string }): Promise<string>;
}

const { chargeCard } = proxyActivities<Activities>({ startToCloseTimeout: '1 minute' });

export async function payOrder(card: string): Promise<string> {
  return chargeCard({ card });
}
`;

let directory: string;

beforeAll(async () => {
  directory = scratchDirectory();
  const workflowsPath = join(directory, 'workflows.ts');
  writeFileSync(workflowsPath, WORKFLOW);
  const worker = await Worker.create({
    connection: environment().nativeConnection,
    workflowsPath,
    taskQueue: TASK_QUEUE,
    activities: { chargeCard: ({ card }: { card: string }) => Promise.resolve(`receipt of ${card}`) },
  });
  const { client } = environment();
  await worker.runUntil(
    client.workflow.execute('payOrder', { taskQueue: TASK_QUEUE, workflowId: 'order-1', args: [CARD] }),
  );
  await soon(async () => expect((await client.workflow.count(QUERY)).count).toBe(1));
  // The input of the activity and the result of the workflow drift.
  writeFileSync(
    workflowsPath,
    WORKFLOW.replace('return chargeCard({ card })', "return (await chargeCard({ card: card + '!' })) + '!'"),
  );
}, 300_000);

const FILES = ['junit', 'github', 'markdown', 'sarif', 'html', 'json'];

/** Replays straight from the server with every reporter at once. */
async function runWithAllReporters(env: NodeJS.ProcessEnv, args: string[] = []): Promise<CliResult> {
  rmSync(join(directory, 'out'), { recursive: true, force: true });
  const reporters = FILES.flatMap((name) => ['--reporter', `${name}=out/${name}`]);
  return replay(
    [
      ...['run', '--query', QUERY, '--address', environment().address, '--workflows-path', 'workflows.ts'],
      ...['--reporter', 'pretty', ...reporters, ...args],
    ],
    { cwd: directory, env: { CI: '', GITHUB_STEP_SUMMARY: join(directory, 'out/summary'), ...env } },
  );
}

const written = (): Map<string, string> =>
  new Map(
    readdirSync(join(directory, 'out')).map((name) => [
      name,
      readFileSync(join(directory, 'out', name), 'utf8'),
    ]),
  );

describe('values of histories that come from a cluster', () => {
  it('are shapes in CI, in the output of every reporter', async () => {
    const run = await runWithAllReporters({ CI: 'true' });
    const outputs = [...written().values(), run.stdout, run.stderr];

    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(written().size).toBeGreaterThanOrEqual(FILES.length);
    outputs.forEach((output) => expect(output).not.toMatch(/4111|alice/));
    expect(run.stdout).toContain('input.card: "<string>" → "<string>"');
    expect(written().get('junit')).toContain('input.card');
  });

  it.each([
    ['--no-hide-values says so', { CI: 'true' }, ['--no-hide-values']],
    ['nothing says that it is CI', {}, []],
  ])('are shown where %s', async (_, env, args) => {
    const run = await runWithAllReporters(env, args);

    expect(run.stdout).toContain(`input.card: "${CARD}" → "${CARD}!"`);
    expect(written().get('html')).toContain(CARD);
  });

  it('are shapes outside of CI where --hide-values asks for it', async () => {
    const run = await runWithAllReporters({}, ['--hide-values']);

    [...written().values(), run.stdout].forEach((output) => expect(output).not.toMatch(/4111|alice/));
  });

  it('are not in what the code throws: its class and its place are', async () => {
    writeFileSync(
      join(directory, 'workflows.ts'),
      WORKFLOW.replace('return chargeCard({ card })', 'throw new RangeError(`bad card ${card}`)'),
    );

    const run = await runWithAllReporters({ CI: 'true' });

    const outputs = [...written().values(), run.stdout, run.stderr];
    expect(run.code).toBe(1);
    outputs.forEach((output) => expect(output).not.toMatch(/4111|alice/));
    expect(run.stdout).toContain('RangeError: (hidden)');
    expect(run.stdout).toMatch(/workflows\.ts:11:9 \(payOrder\)/);
    for (const name of FILES) expect(written().get(name)).toMatch(/RangeError(:|%3A) \(hidden\)/);
  });
});
