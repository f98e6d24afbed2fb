/** `replay run` keeps histories apart, whatever bundle it is given. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunNote } from '../../src/model/report';
import { writeBookingsInEveryOrder } from '../helpers/booking-histories';
import { ISOLATION_SERVICE, bundleOf, writeSharingBundle } from '../helpers/isolation-service';
import { ROOT, replayInHost, reportOf, scratchDirectory } from '../helpers/replay-cli';

const WORKFLOWS_THAT_FAIL = join(ROOT, 'test/services/sdk-versions/workflows.ts');

interface Outcome {
  code: number | null;
  verdicts: string[];
  notes: readonly Pick<RunNote, 'because' | 'message'>[];
}

/** Replays the histories of the directory one by one, in one process. */
async function outcomeOf(directory: string, args: string[]): Promise<Outcome> {
  const run = await replayInHost(['run', 'histories', '--concurrency', '1', '--reporter', 'json', ...args], {
    cwd: directory,
  });
  const { results, notes = [] } = reportOf(run);
  return { code: run.code, verdicts: results.map(({ verdict }) => verdict), notes };
}

const allCompatible = (count: number): string[] => Array<string>(count).fill('compatible');

describe('replay run', () => {
  let directory: string;
  beforeEach(() => {
    directory = scratchDirectory();
  });

  it('finds the same verdicts in every order of histories with a bundle that shares module state', async () => {
    const count = writeBookingsInEveryOrder(join(directory, 'histories'));
    const bundle = await writeSharingBundle(directory);

    const { code, verdicts, notes } = await outcomeOf(directory, ['--bundle', bundle]);

    expect(verdicts).toEqual(allCompatible(count));
    expect(notes).toEqual([
      expect.objectContaining({
        because: 'shared-modules',
        message: expect.stringMatching(/does not keep module state apart.*replay doctor/),
      }),
    ]);
    expect(code).toBe(0);
  });

  it('finds the same verdicts in every order with a bundle that keeps module state apart', async () => {
    const count = writeBookingsInEveryOrder(join(directory, 'histories'));
    writeFileSync(join(directory, 'apart.js'), await bundleOf(join(ISOLATION_SERVICE, 'state.ts')));

    const { verdicts, notes } = await outcomeOf(directory, ['--bundle', 'apart.js']);

    expect(verdicts).toEqual(allCompatible(count));
    expect(notes).toEqual([]);
  });

  it('confirms a rejection that the code leaves unhandled in a context of its own', async () => {
    mkdirSync(join(directory, 'histories'));
    const recorded = readFileSync(join(ISOLATION_SERVICE, 'histories/booking/0.json'), 'utf8');
    writeFileSync(
      join(directory, 'histories/0.json'),
      recorded.replace('"name": "booking"', '"name": "rejectingBooking"'),
    );

    const run = await replayInHost(
      ['run', 'histories', '--workflows-path', WORKFLOWS_THAT_FAIL, '--reporter', 'json'],
      { cwd: directory },
    );

    const { results, notes } = reportOf(run);
    expect(results).toMatchObject([{ verdict: 'failed', error: { code: 'WORKFLOW_TASK_FAILED' } }]);
    expect(notes).toBeUndefined();
  });

  it('gives code that does something else on each replay the verdict of its first replay', async () => {
    mkdirSync(join(directory, 'histories'));
    const recorded = readFileSync(join(ISOLATION_SERVICE, 'histories/booking/0.json'), 'utf8');
    writeFileSync(
      join(directory, 'histories/0.json'),
      recorded.replace('"name": "booking"', '"name": "fickleBooking"'),
    );

    const { verdicts, notes } = await outcomeOf(directory, ['--workflows-path', WORKFLOWS_THAT_FAIL]);

    expect(verdicts).toEqual(['failed']);
    // It counts its replays on a class of the process.
    expect(notes).toMatchObject([{ because: 'changed-shared-state' }]);
  });

  it.each([
    [{ reuseV8Context: false }, 'compatible'],
    [{ reuseV8Context: true }, 'failed'],
    // The service's own worker runs with the SDK's default.
    [{ worker: './worker-options.cjs' }, 'failed'],
  ])('replays code that extends frozen globals as a worker with %p does', async (options, verdict) => {
    mkdirSync(join(directory, 'histories'));
    copyFileSync(join(ISOLATION_SERVICE, 'histories/container/0.json'), join(directory, 'histories/0.json'));
    writeFileSync(join(directory, 'worker-options.cjs'), 'exports.workerOptions = {};');
    const workflowsPath = join(ISOLATION_SERVICE, 'container.ts');
    writeFileSync(
      join(directory, 'replay.config.json'),
      JSON.stringify({ projects: [{ name: 'bookings', workflowsPath, ...options }] }),
    );

    const { verdicts, notes } = await outcomeOf(directory, []);

    expect(verdicts).toEqual([verdict]);
    expect(notes).toEqual([]);
  });

  it('replays code that extends frozen globals in contexts of its own, and says so', async () => {
    mkdirSync(join(directory, 'histories'));
    for (const name of ['1', '2'])
      copyFileSync(
        join(ISOLATION_SERVICE, 'histories/container/0.json'),
        join(directory, `histories/${name}.json`),
      );
    const workflowsPath = join(ISOLATION_SERVICE, 'container.ts');

    const { code, verdicts, notes } = await outcomeOf(directory, ['--workflows-path', workflowsPath]);

    expect(verdicts).toEqual(allCompatible(2));
    expect(notes).toEqual([
      expect.objectContaining({
        because: 'reused-context-failed',
        message: expect.stringMatching(/reuseV8Context: false.*failed TypeError: .*object is not extensible/),
      }),
    ]);
    expect(code).toBe(0);
  });
});
