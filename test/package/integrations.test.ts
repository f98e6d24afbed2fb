/**
 * Replays runs of services with the official integrations of agents and tracing, each installed in a directory of its own. Installing
 * takes half a minute each, so they are tested with TEST_INTEGRATIONS=all only, as the nightly workflow does. OpenTelemetry always is:
 * `test/e2e/opentelemetry.test.ts`.
 */
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import type { RunReport } from '../../src/model/report';
import { useDevServer } from '../helpers/dev-server';
import { runLive } from '../helpers/live-service';
import { installedService } from '../helpers/packed-service';
import { type PackedTarball, packTarball } from '../helpers/packed-tarball';
import { ROOT } from '../helpers/replay-cli';
import { writeEdited } from '../helpers/write-edited';

/** A change of each service's workflow within which a library issues the command that differs. */
const EDITS: Readonly<Record<string, { edit: [string, string]; line: string }>> = {
  'ai-sdk': {
    edit: ['(input) => temperature(input.city)', '(input) => publish(input.city)'],
    line: 'execute: (input) => publish(input.city),',
  },
  'openai-agents': {
    edit: ['  await sleep(10);', "  await new TemporalOpenAIRunner().run(agent, 'Again');"],
    line: "await new TemporalOpenAIRunner().run(agent, 'Again');",
  },
  langsmith: {
    edit: ['await temperature(name)', 'await sleep(5).then(() => 1)'],
    line: 'const degrees = await sleep(5).then(() => 1);',
  },
  'strands-agents': {
    edit: ['  await sleep(10);', "  await agent.invoke('Again');"],
    line: "await agent.invoke('Again');",
  },
};

const describeIfAsked = process.env['TEST_INTEGRATIONS'] === 'all' ? describe : describe.skip;

describeIfAsked.each(Object.keys(EDITS))('a service with @temporalio/%s', (name) => {
  const server = useDevServer();
  let tarball: PackedTarball;
  let service: string;

  beforeAll(async () => {
    const source = join(ROOT, 'test/services/integrations', name);
    const { dependencies } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    tarball = packTarball();
    const withFetch = { ...dependencies, '@temporalio/envconfig': dependencies['@temporalio/worker']! };
    service = await installedService(tarball, withFetch);
    for (const part of ['src', 'histories'])
      cpSync(join(source, part), join(service, part), { recursive: true });
    cpSync(join(ROOT, 'test/services/run-service.ts'), join(service, 'run-service.ts'));
  }, 300_000);

  afterAll(() => {
    tarball.remove();
    rmSync(service, { recursive: true, force: true });
  });

  const replay = (args: string[]): string => {
    const main = join(service, 'node_modules/temporal-replay/lib/cli/main.js');
    const env = { ...process.env, TRACE_FILE: join(service, 'replayed.txt') };
    try {
      return execFileSync(process.execPath, [main, ...args], { cwd: service, encoding: 'utf8', env });
    } catch (err) {
      return (err as { stdout: string }).stdout;
    }
  };
  const run = (histories: string, worker: string): RunReport =>
    JSON.parse(
      replay(['run', histories, '--worker', worker, '--fail-on-uncovered', '--reporter', 'json']),
    ) as RunReport;

  it('is replayed from its own worker options, recorded and live, and traces nothing', async () => {
    const { address } = server();
    const script = join(service, 'run-service.ts');
    const worker = 'src/worker-options.ts';
    await runLive({ directory: service, worker, workflowId: 'live', address, script });
    replay(['fetch', '--address', address, '--workflow-id', 'live', '--out', 'histories']);

    const { summary, results } = run('histories', worker);

    expect(results.map(({ workflowId, verdict }) => `${workflowId} ${verdict}`).sort()).toEqual([
      `forecast-${name} compatible`,
      'live compatible',
    ]);
    expect(summary.uncoveredTypes).toEqual([]);
    expect(existsSync(join(service, 'replayed.txt'))).toBe(false);
  });

  it("is incompatible after a change, at the user's line", () => {
    const { edit, line } = EDITS[name]!;
    cpSync(join(service, 'src'), join(service, 'edited'), { recursive: true });
    writeEdited(join(service, 'src/workflows.ts'), join(service, 'edited/workflows.ts'), [edit]);

    const { results } = run('histories/forecast/forecast-1.json', 'edited/worker-options.ts');

    expect(results).toMatchObject([
      { verdict: 'incompatible', divergence: { location: { file: 'edited/workflows.ts' } } },
    ]);
    const text = readFileSync(join(service, 'edited/workflows.ts'), 'utf8');
    expect(text.split('\n')[results[0]!.divergence!.location!.line - 1]).toContain(line);
  });
});
