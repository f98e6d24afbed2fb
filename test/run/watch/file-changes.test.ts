import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { type FileChanges, watchForChanges } from '../../../src/run/watch/file-changes';
import { scratchDirectory } from '../../helpers/replay-cli';

/** Delay after which a later write has a later change time. */
const CLOCK_MS = 50;
/** Time within which a change would have been reported. */
const NOTHING_MS = 400;

let changes: FileChanges;
let abort: AbortController;
let directory: string;

beforeEach(() => {
  directory = scratchDirectory();
  abort = new AbortController();
  changes = watchForChanges(abort.signal);
});

afterEach(async () => {
  abort.abort();
  await changes.close();
});

const nextPaths = async (): Promise<string[]> => [...(await changes.next())!].sort();
const nothing = (): Promise<string> => sleep(NOTHING_MS, 'nothing');

function written(name: string): string {
  const path = join(directory, name);
  writeFileSync(path, 'before');
  return path;
}

describe('watchForChanges, for a file that was read,', () => {
  it.each(Array.from({ length: 20 }, (_, n) => n))(
    'reports a change right after the file was added (%i)',
    async (n) => {
      const path = written(`a${n}.ts`);
      await sleep(CLOCK_MS);

      const adding = changes.addFiles({ read: [path] }, Date.now());
      // Every other time the file is written a little later, in the middle of chokidar's first scan.
      if (n % 2 === 1) await sleep(n / 4);
      writeFileSync(path, 'after');
      await adding;

      expect(await nextPaths()).toEqual([path]);
    },
  );

  it('reports a change before the file was added, and reports it once', async () => {
    const path = written('a.ts');
    await sleep(CLOCK_MS);
    const since = Date.now();
    await sleep(CLOCK_MS);
    writeFileSync(path, 'after');

    await changes.addFiles({ read: [path] }, since);
    expect(await nextPaths()).toEqual([path]);
    await changes.addFiles({ read: [path] }, since);

    expect(await Promise.race([nextPaths(), nothing()])).toBe('nothing');
  });

  it('reports that the file was removed before it was added, and that it was created again', async () => {
    const path = written('a.ts');
    const since = Date.now();
    rmSync(path);

    await changes.addFiles({ read: [path] }, since);
    expect(await nextPaths()).toEqual([path]);
    await sleep(NOTHING_MS);
    writeFileSync(path, 'again');

    expect(await nextPaths()).toEqual([path]);
  });

  it('reports that the file was replaced by a renamed one, was removed, and was created again', async () => {
    const path = written('a.ts');
    await sleep(CLOCK_MS);
    await changes.addFiles({ read: [path] }, Date.now());

    writeFileSync(`${path}.new`, 'after');
    renameSync(`${path}.new`, path);
    expect(await nextPaths()).toEqual([path]);
    rmSync(path);
    expect(await nextPaths()).toEqual([path]);
    writeFileSync(path, 'again');

    expect(await nextPaths()).toEqual([path]);
  });

  it('does not report other files of the directory', async () => {
    const path = written('a.ts');
    await sleep(CLOCK_MS);
    await changes.addFiles({ read: [path] }, Date.now());
    written('b.ts');

    expect(await Promise.race([nextPaths(), nothing()])).toBe('nothing');
  });
});

describe('watchForChanges, for a file that did not exist,', () => {
  it('reports that the file was created', async () => {
    const path = join(directory, 'new.ts');
    await changes.addFiles({ read: [], missing: [path] }, Date.now());

    await sleep(CLOCK_MS);
    writeFileSync(path, 'new');

    expect(await nextPaths()).toEqual([path]);
  });

  it('reports nothing while the file is missing', async () => {
    await changes.addFiles({ read: [], missing: [join(directory, 'new.ts')] }, Date.now());

    expect(await Promise.race([nextPaths(), nothing()])).toBe('nothing');
  });
});

describe('watchForChanges, for a directory,', () => {
  it('reports new files once the directory was added', async () => {
    const histories = join(directory, 'histories');
    mkdirSync(histories);
    await changes.addTrees([histories]);

    writeFileSync(join(histories, 'new.json'), '{}');

    expect(await nextPaths()).toEqual([join(histories, 'new.json')]);
  });
});
