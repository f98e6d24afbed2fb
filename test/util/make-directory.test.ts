import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory } from '../../src/util/make-directory';
import { scratchDirectory } from '../helpers/replay-cli';

describe('makeDirectory', () => {
  it('makes a directory with those above it, and leaves one that is there', () => {
    const path = join(scratchDirectory(), 'a/b/c');

    makeDirectory(path);
    makeDirectory(path);

    expect(existsSync(path)).toBe(true);
  });

  it.each([
    ['below a file', (root: string) => writeFileSync(join(root, 'x'), ''), 'ENOTDIR'],
    ['below a link to nothing', (root: string) => symlinkSync('/nowhere/y', join(root, 'x')), 'EEXIST'],
  ])('fails %s', (_, put, code) => {
    const root = scratchDirectory();
    put(root);

    expect(() => makeDirectory(join(root, 'x/y'))).toThrow(expect.objectContaining({ code }));
  });

  it('ends where no directory can be made', () => {
    const place = process.platform === 'linux' ? '/proc' : '/dev/null';

    expect(() => makeDirectory(`${place}/no-such-directory/bundles`)).toThrow(/mkdir/);
  });
});
