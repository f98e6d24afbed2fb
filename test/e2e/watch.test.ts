import { spawn } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, replay, scratchDirectory } from '../helpers/replay-cli';

const SMALL = join(ROOT, 'test/services/small');

const DEADLINE_MS = 120_000;

/** Starts `replay run --watch` as a process whose output a test can wait for. */
function startWatch(cwd: string, code = ['--workflows-path', 'workflows.ts']) {
  const args = [join(ROOT, 'lib/cli/main.js'), 'run', 'histories', ...code, '--watch'];
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  let seen = 0;
  let wake = (): void => undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    wake();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (stderr += text));
  const printed = (): string => `printed:\n${stdout}\n${stderr}`;
  const ended = new Promise<number | null>((done) => child.once('close', done));
  return {
    child,
    ended,
    /** Waits for a text, and returns the output since the last call. */
    async until(text: RegExp): Promise<string> {
      const deadline = AbortSignal.timeout(DEADLINE_MS);
      for (;;) {
        const part = stdout.slice(seen);
        if (text.test(part)) {
          seen = stdout.length;
          return part;
        }
        await new Promise<void>((done, fail) => {
          wake = done;
          void ended.then(() => fail(new Error(`it ended; ${printed()}`)));
          deadline.onabort = () => fail(new Error(`no ${text} within ${DEADLINE_MS} ms; ${printed()}`));
        });
      }
    },
  };
}

function smallService(): { directory: string; workflows: string; original: string } {
  const directory = scratchDirectory();
  cpSync(SMALL, directory, { recursive: true });
  const workflows = join(directory, 'workflows.ts');
  return { directory, workflows, original: readFileSync(workflows, 'utf8') };
}

describe('replay run --watch', () => {
  it('replays the histories that a change affects, reports new and fixed failures, and ends on Ctrl-C', async () => {
    const { directory, workflows, original } = smallService();
    const watch = startWatch(directory);
    try {
      const first = await watch.until(/none of 7 fails/);
      writeFileSync(workflows, original.replace("await act2('comp');", "await act('comp');"));
      const broken = await watch.until(/of 7 fail\b/);
      writeFileSync(workflows, `${original}\nexport async function (`);
      const unbuilt = await watch.until(/7 of 7 fail/);
      writeFileSync(workflows, original);
      const mended = await watch.until(/none of 7 fails/);
      rmSync(join(directory, 'histories/c1.json'));
      cpSync(join(SMALL, 'histories/m3.json'), join(directory, 'histories/new.json'));
      const one = await watch.until(/none of 7 fails/);
      watch.child.kill('SIGINT');

      expect(first).toContain('7 histories: 7 compatible');
      expect(broken).toContain('1 new, 1 of 7 fail');
      expect(broken).toMatch(/── \d\d:\d\d:\d\d {2}workflows\.ts/);
      expect(broken).toContain('`act2` activity is now `act` activity');
      expect(unbuilt).toContain('cannot be bundled');
      expect(mended).toContain('7 fixed');
      expect(one).toContain('1 history: 1 compatible');
      expect(await watch.ended).toBe(130);
    } finally {
      watch.child.kill('SIGKILL');
    }
  });

  it('replays again when a module appears that the code could not import, and ignores other files', async () => {
    const { directory, workflows, original } = smallService();
    const watch = startWatch(directory);
    try {
      await watch.until(/none of 7 fails/);
      writeFileSync(workflows, `${original}\nexport * from './steps';\n`);
      const lacking = await watch.until(/7 of 7 fail/);
      writeFileSync(join(directory, 'notes.txt'), 'not of the code');
      writeFileSync(join(directory, 'steps.ts'), 'export const steps = 1;\n');
      const found = await watch.until(/none of 7 fails/);

      expect(lacking).toContain('steps');
      expect(found).toMatch(/── \d\d:\d\d:\d\d {2}steps\.ts\n/);
    } finally {
      watch.child.kill('SIGKILL');
    }
  });

  it('makes the worker again when its module changes, or one that it imports, and outlives an error there', async () => {
    const { directory } = smallService();
    const write = (file: string, text: string): void => writeFileSync(join(directory, file), text);
    write('code.ts', 'export const code = { workflowsPath: `${__dirname}/workflows.ts` };');
    write('worker.ts', `import { code } from './code'; export const workerOptions = { ...code };`);
    const watch = startWatch(directory, ['--worker', 'worker.ts']);
    try {
      await watch.until(/none of 7 fails/);
      write('code.ts', 'export const code = {};');
      const broken = await watch.until(/\[WORKER_OPTIONS\]/);
      write('code.ts', 'export const code = { workflowsPath: `${__dirname}/nothing.ts` };');
      const unbuilt = await watch.until(/7 of 7 fail/);
      write('worker.ts', 'export const workerOptions = { workflowsPath: `${__dirname}/workflows.ts` };');
      const mended = await watch.until(/none of 7 fails/);

      expect(broken).toMatch(/code\.ts\n\nThe worker options of .* name no workflow code/);
      expect(unbuilt).toContain('nothing.ts');
      expect(mended).toContain('worker.ts');
    } finally {
      watch.child.kill('SIGKILL');
    }
  });

  it('replays only the histories of workflow types whose code changed', async () => {
    const directory = scratchDirectory();
    cpSync(join(ROOT, 'examples/order-service/src'), join(directory, 'src'), { recursive: true });
    for (const type of ['refundOrder', 'restockInventory', 'shipOrder'])
      cpSync(join(ROOT, 'histories', type), join(directory, 'histories', type), { recursive: true });
    const edit = (name: string, change: (text: string) => string): void => {
      const path = join(directory, 'src/workflows', name);
      writeFileSync(path, change(readFileSync(path, 'utf8')));
    };
    const watch = startWatch(directory, ['--workflows-path', 'src/workflows/index.ts']);
    try {
      await watch.until(/none of 43 fails/);
      edit('ship-order.ts', (text) =>
        text.replace('await activities.bookPickup(', 'await activities.voidLabel('),
      );
      const ofOne = await watch.until(/of 43 fail/);
      edit('ship-order.ts', (text) =>
        text.replace('await activities.voidLabel(', 'await activities.bookPickup('),
      );
      await watch.until(/none of 43 fails/);
      edit('subscription.ts', (text) => `${text}\n// of no history`);
      const ofNone = await watch.until(/none of 43 fails/);
      edit('saga.ts', (text) => `${text}\n// for ship-order.ts alone of these`);
      const ofHelper = await watch.until(/none of 43 fails/);
      edit('activities.ts', (text) => `${text}\n// for all`);
      const ofShared = await watch.until(/none of 43 fails/);
      edit('refund-order.ts', (text) => `${text}\n(globalThis as { seen?: boolean }).seen = true;`);
      const ofEffect = await watch.until(/none of 43 fails/);

      expect(ofOne).toMatch(/^25 histories: /m);
      expect(ofNone).toMatch(/subscription\.ts\n\nNo history is affected\.\n/);
      expect(ofHelper).toMatch(/^25 histories: /m);
      expect(ofHelper).not.toContain('No history covers refundOrder');
      expect(ofShared).toMatch(/^43 histories: /m);
      expect(ofEffect).toMatch(/^43 histories: /m);
    } finally {
      watch.child.kill('SIGKILL');
    }
  });

  it.each([
    ['--query', ['--query', 'WorkflowType="a"']],
    ['standard input', ['-']],
    ['another reporter than pretty', ['--reporter', 'json']],
  ])('is refused with %s', async (what, args) => {
    const run = await replay(['run', ...args, '--workflows-path', join(SMALL, 'workflows.ts'), '--watch']);

    expect(run.code).toBe(2);
    expect(run.stderr).toContain(`--watch cannot be combined with ${what}. [USAGE]`);
  });
});
