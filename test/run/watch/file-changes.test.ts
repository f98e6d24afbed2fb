import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { type FileChanges, watchForChanges } from '../../../src/run/watch/file-changes';
import { scratchDirectory } from '../../helpers/replay-cli';

/** For what was written before to be older than what comes. */
const CLOCK_MS = 50;
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

describe('a file that was read', () => {
  it.each(Array.from({ length: 20 }, (_, n) => n))(
    'is noticed when it changes right after it was added (%i)',
    async (n) => {
      const path = written(`a${n}.ts`);
      await sleep(CLOCK_MS);

      const adding = changes.addFiles({ read: [path] }, Date.now());
      // Every other time a little later, somewhere in the middle of chokidar's first scan.
      if (n % 2 === 1) await sleep(n / 4);
      writeFileSync(path, 'after');
      await adding;

      expect(await nextPaths()).toEqual([path]);
    },
  );

  it('is noticed when it changed before it was added, and is reported once', async () => {
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

  it('is noticed when it went before it was added, and when it comes back', async () => {
    const path = written('a.ts');
    const since = Date.now();
    rmSync(path);

    await changes.addFiles({ read: [path] }, since);
    expect(await nextPaths()).toEqual([path]);
    await sleep(NOTHING_MS);
    writeFileSync(path, 'again');

    expect(await nextPaths()).toEqual([path]);
  });

  it('is noticed when it is written aside and renamed, and when it is removed and comes back', async () => {
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

  it('says nothing of its neighbours', async () => {
    const path = written('a.ts');
    await sleep(CLOCK_MS);
    await changes.addFiles({ read: [path] }, Date.now());
    written('b.ts');

    expect(await Promise.race([nextPaths(), nothing()])).toBe('nothing');
  });
});

describe('a file that was looked for in vain', () => {
  it('is noticed when it comes', async () => {
    const path = join(directory, 'new.ts');
    await changes.addFiles({ read: [], missing: [path] }, Date.now());

    await sleep(CLOCK_MS);
    writeFileSync(path, 'new');

    expect(await nextPaths()).toEqual([path]);
  });

  it('is no change while it is missing', async () => {
    await changes.addFiles({ read: [], missing: [join(directory, 'new.ts')] }, Date.now());

    expect(await Promise.race([nextPaths(), nothing()])).toBe('nothing');
  });
});

describe('a tree', () => {
  it('is noticed from the moment that adding it has ended', async () => {
    const histories = join(directory, 'histories');
    mkdirSync(histories);
    await changes.addTrees([histories]);

    writeFileSync(join(histories, 'new.json'), '{}');

    expect(await nextPaths()).toEqual([join(histories, 'new.json')]);
  });
});
