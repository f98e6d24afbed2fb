import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FailureGroup } from '../../src/model/diagnosis';
import { serviceDirectory, writeService } from '../diagnosis/score/service-files';
import { commitAll, git, initRepository } from '../helpers/git-repository';
import { replayInHost, reportOf, scratchDirectory } from '../helpers/replay-cli';

/** Creates a repository with a service whose code is committed, and returns it with a function that edits a file. */
function committed(service: string): {
  directory: string;
  edit: (...edit: [string, string, string]) => void;
} {
  const directory = scratchDirectory();
  writeService(service, directory);
  initRepository(directory);
  commitAll(directory, 'before');
  const edit = (file: string, before: string, after: string): void => {
    const path = join(directory, file);
    const text = readFileSync(path, 'utf8');
    if (!text.includes(before)) throw new Error(`${file} has no ${before}`);
    writeFileSync(path, text.replace(before, after));
  };
  return { directory, edit };
}

async function groupsOf(service: string, directory: string): Promise<FailureGroup[]> {
  const run = await replayInHost(
    [
      ...['run', join(serviceDirectory(service), 'histories'), '--workflows-path', 'workflows.ts'],
      ...['--reporter', 'json', '--concurrency', '1', '--advice-timeout', '3m'],
    ],
    { cwd: directory },
  );
  return reportOf(run).groups;
}

const placeOf = ({ location }: FailureGroup): string => `${location?.file}:${location?.line}`;

describe('the place of a difference in a git repository', () => {
  it('is the changed constant, with the call and the lines before, in one group for all that breaks', async () => {
    const { directory, edit } = committed('video');
    edit('transcode.ts', 'PARALLEL_ENCODERS = 2;', 'PARALLEL_ENCODERS = 3;');

    const groups = await groupsOf('video', directory);

    expect(groups.map(placeOf)).toEqual(['transcode.ts:6']);
    expect(groups[0]).toMatchObject({
      issuedAt: { file: 'transcode.ts' },
      cause: {
        proven: true,
        since: git(directory, 'rev-parse', 'HEAD').trim(),
        hunks: [{ file: 'transcode.ts', line: 6, count: 1, before: ['const PARALLEL_ENCODERS = 2;'] }],
      },
    });
    expect(groups[0]!.codeFrame).toMatch(/^- +\| const PARALLEL_ENCODERS = 2;$/m);
    expect(groups[0]!.codeFrame).toMatch(/^\+ +6 \| const PARALLEL_ENCODERS = 3;$/m);
  });

  it('is the changed helper of two edits, after both were committed', async () => {
    const { directory, edit } = committed('booking');
    edit('undo.ts', '[...undos].reverse().reduce', '[...undos].reduce');
    edit('workflows.ts', "'roadrunner'", "'roadrunner' as string");
    commitAll(directory, 'two edits');

    const groups = await groupsOf('booking', directory);

    expect(groups.map(({ location }) => location?.file)).toEqual(['undo.ts']);
    expect(groups[0]!.codeFrame).toMatch(/^-.*reverse/m);
  });

  it('is the changed constant in a file that was renamed, and that git does not track yet', async () => {
    const { directory, edit } = committed('video');
    mkdirSync(join(directory, 'encoding'));
    renameSync(join(directory, 'transcode.ts'), join(directory, 'encoding/encode.ts'));
    edit('encoding/encode.ts', 'PARALLEL_ENCODERS = 2;', 'PARALLEL_ENCODERS = 3;');
    for (const module of ['batches', 'media', 'types'])
      edit('encoding/encode.ts', `'./${module}'`, `'../${module}'`);
    edit('pipeline.ts', "'./transcode'", "'./encoding/encode'");

    const groups = await groupsOf('video', directory);

    expect(groups.map(placeOf)).toEqual(['encoding/encode.ts:6']);
    expect(groups[0]!.cause).toMatchObject({
      proven: true,
      hunks: [{ before: ['const PARALLEL_ENCODERS = 2;'] }],
    });
  });

  it('lies in the change that moved a statement', async () => {
    const { directory, edit } = committed('signing');
    const statement = '      await stamp(documentId, signer);\n';
    edit('session.ts', statement, '');
    edit('session.ts', '      const { valid } =', `${statement}      const { valid } =`);

    const groups = await groupsOf('signing', directory);

    expect(groups.map(placeOf)).toEqual(['session.ts:43']);
    expect(groups[0]!.cause!.hunks).toHaveLength(2);
  });

  it('is the call itself without a repository of its code', async () => {
    const { directory, edit } = committed('video');
    edit('transcode.ts', 'PARALLEL_ENCODERS = 2;', 'PARALLEL_ENCODERS = 3;');
    git(directory, 'config', 'core.bare', 'true');

    const groups = await groupsOf('video', directory);

    expect(groups).toMatchObject([{ location: { line: 20 }, cause: null, issuedAt: null }]);
  });
});
