/** Replays runs of a service that is traced by `@temporalio/interceptors-opentelemetry`. */
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { useDevServer } from '../helpers/dev-server';
import { runLive } from '../helpers/live-service';
import {
  type CliResult,
  ROOT,
  replayInHost,
  reportOf,
  scratchDirectory,
  writeEdited,
} from '../helpers/replay-cli';

const SERVICE = join(ROOT, 'test/services/opentelemetry');
const HISTORIES = join(SERVICE, 'histories');

const run = (worker: string, histories = HISTORIES, env: NodeJS.ProcessEnv = {}): Promise<CliResult> =>
  replayInHost(['run', histories, '--worker', worker, '--fail-on-uncovered', '--reporter', 'json'], { env });

describe('a service with OpenTelemetry', () => {
  const server = useDevServer();

  it('is replayed from its own worker options after a live run, and exports no spans', async () => {
    const directory = scratchDirectory();
    const { address } = server();
    const liveSpans = join(directory, 'live.txt');
    const replayedSpans = join(directory, 'replayed.txt');
    const workflowId = 'traced';
    await runLive({
      directory: SERVICE,
      worker: 'worker-options.ts',
      workflowId,
      address,
      env: { TRACE_FILE: liveSpans },
    });
    const histories = join(directory, 'histories');
    await replayInHost(['fetch', '--address', address, '--workflow-id', workflowId, '--out', histories]);

    const result = await run(join(SERVICE, 'worker-options.ts'), histories, { TRACE_FILE: replayedSpans });

    expect(result.stderr).toBe('');
    expect(result.code).toBe(0);
    expect(reportOf(result).summary).toMatchObject({ histories: 1, compatible: 1 });
    expect(readFileSync(liveSpans, 'utf8').split('\n')).toEqual(
      expect.arrayContaining(['RunWorkflow:forecast', 'measure', 'StartActivity:publish']),
    );
    expect(existsSync(replayedSpans)).toBe(false);
  });
});

describe('stored histories of a service with OpenTelemetry', () => {
  it.each([
    ['the plugin', 'worker-options.ts'],
    ['interceptors and a sink', 'interceptor-options.ts'],
  ])('replay with %s', async (_, worker) => {
    const result = await run(join(SERVICE, worker));

    expect([result.code, result.stderr]).toEqual([0, '']);
    expect(reportOf(result).summary).toMatchObject({ histories: 1, compatible: 1 });
  });

  it("lead to the user's line after a change within a span", async () => {
    const directory = scratchDirectory();
    cpSync(SERVICE, directory, { recursive: true });
    const workflows = join(directory, 'workflows.ts');
    writeEdited(workflows, workflows, [['await temperature(city)', 'await sleep(5).then(() => 1)']]);

    const result = await run(join(directory, 'worker-options.ts'));

    expect(result.code).toBe(1);
    expect(reportOf(result).results).toMatchObject([
      {
        verdict: 'incompatible',
        divergence: { eventId: 5, location: { file: expect.stringMatching(/workflows\.ts$/), line: 11 } },
      },
    ]);
  });
});
