import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRegularFile, readRegularFileNow } from '../../src/util/read-regular-file';
import { scratchDirectory } from '../helpers/replay-cli';

const READERS = [
  ['readRegularFile', readRegularFile],
  ['readRegularFileNow', async (path: string) => Promise.resolve(readRegularFileNow(path))],
] as const;

describe.each(READERS)('%s', (_, read) => {
  it('returns the content of a file', async () => {
    const path = join(scratchDirectory(), 'a.json');
    writeFileSync(path, '{"events":[]}');

    expect((await read(path)).toString()).toBe('{"events":[]}');
  });

  it('throws the error of the system for a file that is not there', async () => {
    const path = join(scratchDirectory(), 'none.json');

    await expect(read(path)).rejects.toMatchObject({ code: 'ENOENT', syscall: 'open' });
  });

  it('refuses a directory', async () => {
    await expect(read(scratchDirectory())).rejects.toMatchObject({ code: 'EINVAL' });
  });

  it('does not wait for a writer of a FIFO', async () => {
    const path = join(scratchDirectory(), 'fifo.json');
    execFileSync('mkfifo', [path]);

    await expect(read(path)).rejects.toMatchObject({ code: 'EINVAL' });
  });
});
