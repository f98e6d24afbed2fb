import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { byWorkflowType, historyFilesIn } from '../../../src/testing/histories/history-files';
import { fixtureFile } from '../../helpers/histories';

let cwd: string;
beforeAll(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'history-files-')));
  mkdirSync(join(cwd, 'histories'));
  copyFileSync(fixtureFile('open.json'), join(cwd, 'histories/open.json'));
  copyFileSync(fixtureFile('everything.json'), join(cwd, 'histories/everything.json'));
  symlinkSync(join(cwd, 'nowhere.json'), join(cwd, 'histories/broken.json'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const inCwd = (...names: string[]): string[] => names.map((name) => join(cwd, 'histories', name));

describe('historyFilesIn', () => {
  it('finds all files of a directory, broken links included, so that their replay fails', () => {
    expect(historyFilesIn(['histories'], cwd)).toEqual(inCwd('broken.json', 'everything.json', 'open.json'));
  });

  it('lists a file once that several paths name', () => {
    expect(historyFilesIn(['histories/o*.json', 'histories/open.json'], cwd)).toEqual(inCwd('open.json'));
  });

  it.each(['nowhere', 'nowhere/*.json'])('finds nothing for %s, which does not exist', (path) => {
    expect(historyFilesIn([path], cwd)).toEqual([]);
  });
});

describe('byWorkflowType', () => {
  it('groups files by the workflow type that each holds', () => {
    const files = inCwd('everything.json', 'open.json');

    const groups = byWorkflowType(files, cwd);

    expect(groups.flatMap((group) => group.files).sort()).toEqual(files);
    expect(groups.map(({ name }) => name)).toEqual([...groups.map(({ name }) => name)].sort());
    expect(groups.every(({ name }) => !name.endsWith('.json'))).toBe(true);
  });

  it('names a file that cannot be read by its path', () => {
    expect(byWorkflowType(inCwd('broken.json'), cwd)).toEqual([
      { name: join('histories', 'broken.json'), files: inCwd('broken.json') },
    ]);
  });
});
