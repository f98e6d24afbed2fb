import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { textBefore } from '../../src/cause/revert';
import { renamedFiles } from '../../src/cause/renamed-files';
import { commitAll, git, initRepository } from '../helpers/git-repository';
import { scratchDirectory } from '../helpers/replay-cli';

const OLD = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'].join('\n');

/** Creates a repository with two files, and returns it with its only commit. */
function repository(): { root: string; commit: string } {
  const root = scratchDirectory();
  writeFileSync(join(root, 'old.ts'), OLD);
  writeFileSync(join(root, 'other.ts'), 'something else');
  initRepository(root);
  commitAll(root, 'before');
  return { root, commit: git(root, 'rev-parse', 'HEAD').trim() };
}

const found = ({ root, commit }: { root: string; commit: string }, ...files: string[]) =>
  renamedFiles({ root, commit }, new Set(files.map((file) => join(root, file))), (file) =>
    readFileSync(file, 'utf8'),
  );

describe('renamedFiles', () => {
  it.each([
    ['that git does not track yet', false],
    ['that was added to the index', true],
  ])('finds a file under its new path %s, and what changed in it', async (_, isAdded) => {
    const base = repository();
    mkdirSync(join(base.root, 'sub'));
    renameSync(join(base.root, 'old.ts'), join(base.root, 'sub/new.ts'));
    const now = OLD.replace('one\n', '').replace('four', '4\n4').replace('eight', 'eight\nnine');
    writeFileSync(join(base.root, 'sub/new.ts'), now);
    if (isAdded) git(base.root, 'add', '--all');

    const [renamed, ...more] = await found(base, 'sub/new.ts', 'other.ts');

    expect(more).toEqual([]);
    expect(renamed).toMatchObject({
      oldPath: join(base.root, 'old.ts'),
      path: join(base.root, 'sub/new.ts'),
    });
    expect(renamed!.hunks.map(({ line, count, before }) => ({ line, count, before }))).toEqual([
      { line: 0, count: 0, before: ['one'] },
      { line: 3, count: 2, before: ['four'] },
      { line: 9, count: 1, before: [] },
    ]);
    expect(textBefore(now, renamed!.hunks)).toBe(OLD);
  });

  it('takes no file with other content for a deleted one', async () => {
    const base = repository();
    rmSync(join(base.root, 'old.ts'));
    writeFileSync(join(base.root, 'new.ts'), 'a\nb\nc');

    expect(await found(base, 'new.ts', 'other.ts')).toEqual([]);
  });

  it('finds nothing for a copy of a file that is still there', async () => {
    const base = repository();
    writeFileSync(join(base.root, 'copy.ts'), OLD);

    expect(await found(base, 'copy.ts', 'old.ts')).toEqual([]);
  });
});
