/** `replay fix` as a process, on the example service in a git checkout. */
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Baseline } from '../../src/gate/baseline/file';
import { commitAll, git, initRepository } from '../helpers/git-repository';
import { ROOT, replay, replayInHost, scratchDirectory } from '../helpers/replay-cli';
import { hasTerminal, onTerminal } from '../helpers/terminal';

const FILE = 'src/workflows/ship-order.ts';
const BOOK = 'await activities.bookPickup({ shipmentId, items });';
const NEW = 'await activities.verifyAddress({ address });';

type Changes = Readonly<Record<string, readonly [was: string, is: string]>>;

/** A checkout of the service with an uncommitted change, and the arguments that replay against it. */
function brokenService(changes: Changes = { [FILE]: [BOOK, `${NEW}\n    ${BOOK}`] }): {
  cwd: string;
  args: string[];
  text: () => string;
} {
  const cwd = scratchDirectory();
  cpSync(join(ROOT, 'examples/order-service/src'), join(cwd, 'src'), { recursive: true });
  initRepository(cwd);
  commitAll(cwd, 'as it was');
  const text = (): string => readFileSync(join(cwd, FILE), 'utf8');
  for (const [file, [was, is]] of Object.entries(changes)) {
    const path = join(cwd, file);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(was, is));
  }
  const args = [
    join(ROOT, 'histories/shipOrder'),
    '--workflows-path',
    'src/workflows/index.ts',
    '--no-cache',
  ];
  return { cwd, args, text };
}

it('prints the change with --check, writes nothing, and fails', async () => {
  const { cwd, args, text } = brokenService();
  const before = text();

  const run = await replayInHost(['fix', ...args, '--check'], { cwd });
  execFileSync('git', ['apply', '--check', '-'], { cwd, input: run.stdout });

  expect(run).toMatchObject({ code: 1 });
  expect(run.stdout).toContain("+    if (patched('add-verify-address')) {");
  expect(run.stderr).toContain('`verifyAddress` activity is new');
  expect(text()).toBe(before);
});

it('writes the change with --yes and ends as a run that passes', async () => {
  const { cwd, args } = brokenService();

  const run = await replayInHost(['fix', ...args, '--yes'], { cwd });

  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(run.stdout).toContain(`24 histories pass again. Changed: ${FILE}`);
  expect(git(cwd, 'diff')).toContain("+    if (patched('add-verify-address')) {");
});

it('keeps the old name of an activity that was renamed everywhere for old runs, and says what workers need', async () => {
  const rename = ['bookPickup', 'schedulePickup'] as const;
  const { cwd, args, text } = brokenService({
    'src/activities/shipping.ts': rename,
    'src/workflows/activities.ts': rename,
    [FILE]: rename,
  });

  const run = await replayInHost(['fix', ...args, '--yes'], { cwd });

  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(run.stdout).toContain('Workers have to keep an activity `bookPickup` until then');
  expect(text()).toContain(
    "await (patched('book-pickup-to-schedule-pickup') ? activities.schedulePickup : activities.bookPickup)({",
  );
});

it('takes back what is not verified yet if it is ended', async () => {
  const { cwd, args, text } = brokenService();
  const before = text();
  const run = replay(['fix', ...args, '--yes'], { cwd });
  const watcher = watch(join(cwd, 'src/workflows'), (_, file) => {
    if (file === 'ship-order.ts' && text() !== before) run.child.kill('SIGTERM');
  });

  const { code } = await run;
  watcher.close();

  expect(code).toBe(143);
  expect(text()).toBe(before);
});

it('asks for --yes or --check where there is no terminal', async () => {
  const { cwd, args } = brokenService();

  const run = await replayInHost(['fix', ...args], { cwd });

  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toContain('Run `replay fix --yes`');
});

const onATerminal = hasTerminal ? it : it.skip;

onATerminal('writes a change after a yes', async () => {
  const { cwd, args, text } = brokenService();

  const run = await onTerminal(['fix', ...args], {
    columns: 100,
    cwd,
    answers: [[/Write this change\? /, 'y']],
  });

  expect(run.code).toBe(0);
  expect(text()).toContain("if (patched('add-verify-address')) {");
});

onATerminal('accepts a cause into the baseline for a reason', async () => {
  const { cwd, args, text } = brokenService();
  const before = text();

  const run = await onTerminal(['fix', ...args, '--interactive'], {
    columns: 100,
    cwd,
    answers: [
      [/\[p\]atch.*: /, 'a'],
      [/Why is it accepted/, 'drained before the deploy'],
    ],
  });
  const { entries } = JSON.parse(readFileSync(join(cwd, 'replay-baseline.json'), 'utf8')) as Baseline;

  expect(run.code).toBe(0);
  expect(entries).toHaveLength(24);
  expect(entries[0]!.reason).toBe('drained before the deploy');
  expect(text()).toBe(before);
});
