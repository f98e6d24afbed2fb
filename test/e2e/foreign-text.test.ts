/** Names that act where they are not escaped, in histories and files, shown by every command as a process. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOSTILE_TEXTS, faultsOf } from '../attack/hostile-texts';
import { type FakeCluster, listing, startFakeCluster } from '../helpers/fake-cluster';
import { ROOT, replayInHost, scratchDirectory } from '../helpers/replay-cli';

const SERVICE = join(ROOT, 'test/services/small');
// Half a surrogate pair makes a history invalid, and a file name holds neither a slash nor a null.
const TEXTS = HOSTILE_TEXTS.filter((text) => !/\p{Cs}/u.test(text));
const FILE_TEXTS = TEXTS.filter((text) => !/[\0/]/.test(text) && Buffer.byteLength(text) < 200);

interface History {
  events: {
    workflowExecutionStartedEventAttributes?: { workflowId: string; identity: string };
    activityTaskScheduledEventAttributes?: { activityType: { name: string } };
  }[];
}

const base = (): History => JSON.parse(readFileSync(join(SERVICE, 'histories/c1.json'), 'utf8')) as History;

/** A service with a history for each text: in its ids, in the name of its activity, or in that of its file. */
function service(): string {
  const directory = scratchDirectory();
  const histories = join(directory, 'histories');
  mkdirSync(histories);
  copyFileSync(join(SERVICE, 'workflows.ts'), join(directory, 'workflows.ts'));
  for (const [i, text] of TEXTS.entries()) {
    const history = base();
    const started = history.events[0]!.workflowExecutionStartedEventAttributes!;
    started.workflowId = text;
    started.identity = text;
    const scheduled = history.events.find((event) => event.activityTaskScheduledEventAttributes)!;
    scheduled.activityTaskScheduledEventAttributes!.activityType.name = text;
    writeFileSync(join(histories, `${i}.json`), JSON.stringify(history));
  }
  for (const text of FILE_TEXTS) writeFileSync(join(histories, `${text}.json`), JSON.stringify(base()));
  writeFileSync(join(histories, 'broken ::error::x.json'), '{"events": 7}');
  return directory;
}

const CODE = ['--workflows-path', 'workflows.ts'];

describe('text from elsewhere', () => {
  const cwd = service();

  it.each([
    ['run', ['run', ...CODE], 1],
    ['run with values hidden', ['run', ...CODE, '--hide-values'], 1],
    ['run for GitHub', ['run', ...CODE, '--reporter', 'github'], 1],
    ['baseline update', ['baseline', 'update', ...CODE, '--reason', '::error::why'], 0],
    ['baseline list', ['baseline', 'list'], 0],
    ['run with a baseline', ['run', ...CODE, '--baseline', 'replay-baseline.json'], 2],
    ['show', ['show', 'histories'], 2],
    ['show --json', ['show', 'histories', '--json'], 2],
    ['show --diff', ['show', 'histories', '--diff', ...CODE], 1],
    ['fix --check', ['fix', ...CODE, '--check', '--advice-timeout', '1s'], 1],
    ['doctor', ['doctor', ...CODE], null],
  ] as const)('stays harmless in the output of %s', async (name, args, code) => {
    const { stdout, stderr, ...run } = await replayInHost([...args], {
      cwd,
      env: { GITHUB_STEP_SUMMARY: '' },
    });

    if (code !== null) expect(run.code).toBe(code);
    expect(stdout + stderr).not.toBe('');
    expect(faultsOf(stdout, { isForPeople: !name.includes('json') })).toEqual([]);
    expect(faultsOf(stderr)).toEqual([]);
  });
});

describe('text of a cluster', () => {
  const PERMISSION_DENIED = 7;
  let cluster: FakeCluster;
  beforeAll(async () => {
    const runs = TEXTS.map((text) => ({ workflowId: `order ${text}`, runId: `run ${text}` }));
    cluster = await startFakeCluster({
      ListWorkflowExecutions: () => listing(runs, { type: '::error::type \u001b[2J' }),
      CountWorkflowExecutions: () => ({ code: PERMISSION_DENIED, details: '##[error]no count' }),
      GetWorkflowExecutionHistory: (call) =>
        call % 2 === 0
          ? { code: 5, details: '\n::error::gone \u202e' }
          : {
              code: PERMISSION_DENIED,
              details: `\r\n##vso[task.setvariable]x \u001b]0;title\u0007 ${'a'.repeat(300)}`,
            },
    });
  });
  afterAll(() => cluster.stop());

  it.each([
    ['fetch', ['fetch', '--query', '']],
    ['run --query', ['run', '--query', '', '--workflows-path', join(SERVICE, 'workflows.ts')]],
    ['fetch of an id', ['fetch', '--workflow-id', '::error::id \u001b[2J']],
  ])('stays harmless in the output of %s', async (_, args) => {
    const run = await replayInHost([...args, '--address', cluster.address, '--no-tls'], {
      cwd: scratchDirectory(),
    });

    expect(run.code).toBeGreaterThan(0);
    expect(run.stderr).not.toBe('');
    expect(faultsOf(run.stdout)).toEqual([]);
    expect(faultsOf(run.stderr)).toEqual([]);
  });
});
