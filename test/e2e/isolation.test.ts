/** `replay run` keeps histories apart, whatever bundle it is given. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IsolationNote } from '../../src/model/report';
import { ISOLATION_SERVICE, bundleOf, writeSharingBundle } from '../helpers/isolation-service';
import { replay, reportOf, scratchDirectory } from '../helpers/replay-cli';

const ORDERS = ['012', '021', '102', '120', '201', '210'];

/** Copies the recorded histories of the module state.ts, in every order one after another. */
function historiesInEveryOrder(directory: string): void {
  mkdirSync(join(directory, 'histories'), { recursive: true });
  [...ORDERS.join('')].forEach((name, i) =>
    copyFileSync(
      join(ISOLATION_SERVICE, `histories/booking/${name}.json`),
      join(directory, `histories/${String(i).padStart(2, '0')}.json`),
    ),
  );
}

interface Outcome {
  code: number | null;
  verdicts: string[];
  isolation: readonly Pick<IsolationNote, 'because' | 'message'>[];
}

/** Replays the histories of the directory one by one, in one process. */
async function outcomeOf(directory: string, args: string[]): Promise<Outcome> {
  const run = await replay(['run', 'histories', '--concurrency', '1', '--reporter', 'json', ...args], {
    cwd: directory,
  });
  const { results, isolation = [] } = reportOf(run);
  return { code: run.code, verdicts: results.map(({ verdict }) => verdict), isolation };
}

const allCompatible = (count: number): string[] => Array<string>(count).fill('compatible');

describe('replay run', () => {
  let directory: string;
  beforeEach(() => {
    directory = scratchDirectory();
  });

  it('finds the same verdicts in every order of histories with a bundle that shares module state', async () => {
    historiesInEveryOrder(directory);
    const bundle = await writeSharingBundle(directory);

    const { code, verdicts, isolation } = await outcomeOf(directory, ['--bundle', bundle]);

    expect(verdicts).toEqual(allCompatible(18));
    expect(isolation).toEqual([
      expect.objectContaining({
        because: 'shared-modules',
        message: expect.stringMatching(/does not keep module state apart.*replay doctor/),
      }),
    ]);
    expect(code).toBe(0);
  });

  it('finds the same verdicts in every order with a bundle that keeps module state apart', async () => {
    historiesInEveryOrder(directory);
    writeFileSync(join(directory, 'apart.js'), await bundleOf(join(ISOLATION_SERVICE, 'state.ts')));

    const { verdicts, isolation } = await outcomeOf(directory, ['--bundle', 'apart.js']);

    expect(verdicts).toEqual(allCompatible(18));
    expect(isolation).toEqual([]);
  });

  it('replays code that extends frozen globals in contexts of its own, and says so', async () => {
    mkdirSync(join(directory, 'histories'));
    for (const name of ['1', '2'])
      copyFileSync(
        join(ISOLATION_SERVICE, 'histories/container/0.json'),
        join(directory, `histories/${name}.json`),
      );
    const workflowsPath = join(ISOLATION_SERVICE, 'container.ts');

    const { code, verdicts, isolation } = await outcomeOf(directory, ['--workflows-path', workflowsPath]);

    expect(verdicts).toEqual(allCompatible(2));
    expect(isolation).toEqual([
      expect.objectContaining({
        because: 'reused-context-failed',
        message: expect.stringMatching(/reuseV8Context: false.*failed TypeError: .*object is not extensible/),
      }),
    ]);
    expect(code).toBe(0);
  });
});
