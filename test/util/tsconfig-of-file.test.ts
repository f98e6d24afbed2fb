import { join } from 'node:path';
import { TsConfigFiles } from '../../src/util/tsconfig-of-file';
import { scratchDirectory } from '../helpers/replay-cli';
import { writeFiles } from '../helpers/write-files';

let root: string;
beforeEach(() => {
  root = scratchDirectory();
});

const found = (file: string) => new TsConfigFiles().of(join(root, file));
const pathsOf = (file: string, specifier: string): string[] =>
  (found(file).config?.pathsOf(specifier) ?? []).map((path) => path.slice(root.length + 1));

describe('TsConfigFiles', () => {
  it('finds the nearest tsconfig.json above a file, and names those that it follows from', () => {
    writeFiles(root, {
      'tsconfig.base.json': { compilerOptions: { paths: { '@libs/*': ['./gone/*', './libs/*'] } } },
      'app/tsconfig.json': { extends: '../tsconfig.base.json' },
    });

    const { files, absent } = found('app/src/workflows.ts');

    expect(files).toEqual([join(root, 'app/tsconfig.json'), join(root, 'tsconfig.base.json')]);
    expect(absent).toEqual([join(root, 'app/src/tsconfig.json'), join(root, 'app/src/jsconfig.json')]);
    expect(pathsOf('app/src/workflows.ts', '@libs/queue')).toEqual(['gone/queue', 'libs/queue']);
  });

  it('takes paths from baseUrl alone, but none for modules of Node', () => {
    writeFiles(root, { 'tsconfig.json': { compilerOptions: { baseUrl: './src' } } });

    expect(pathsOf('src/a.ts', 'shared/queue')).toEqual(['src/shared/queue']);
    expect(pathsOf('src/a.ts', 'util')).toEqual([]);
    expect(pathsOf('src/a.ts', 'node:util')).toEqual([]);
    expect(pathsOf('src/a.ts', './queue')).toEqual([]);
  });

  it('reads jsconfig.json where there is no tsconfig.json', () => {
    writeFiles(root, { 'jsconfig.json': { compilerOptions: { paths: { '~/*': ['./src/*'] } } } });

    expect(pathsOf('src/a.js', '~/queue')).toEqual(['src/queue']);
  });

  it('takes a tsconfig by another name that includes the file where the nearest tsconfig.json does not', () => {
    const paths = (target: string) => ({ compilerOptions: { paths: { '@/*': [`./${target}/*`] } } });
    writeFiles(root, {
      'tsconfig.json': { include: ['pages'], ...paths('pages') },
      'tsconfig.test.json': { include: ['test'], ...paths('test') },
      'tsconfig.worker.json': { include: ['worker'], ...paths('worker') },
      'bare/tsconfig.worker.json': paths('lib'),
    });

    expect(pathsOf('worker/src/workflows.ts', '@/queue')).toEqual(['worker/queue']);
    expect(pathsOf('pages/index.ts', '@/queue')).toEqual(['pages/queue']);
    expect(pathsOf('other/index.ts', '@/queue')).toEqual(['pages/queue']);
    expect(pathsOf('bare/workflows.ts', '@/queue')).toEqual(['bare/lib/queue']);
  });

  it('takes the referenced project that includes the file where the nearest tsconfig.json does not', () => {
    writeFiles(root, {
      'tsconfig.json': { files: [], references: [{ path: './tsconfig.spec.json' }, { path: './app' }] },
      'tsconfig.spec.json': { include: ['test'], compilerOptions: { paths: { '@/*': ['./test/*'] } } },
      'app/tsconfig.json': { files: [], references: [{ path: './tsconfig.app.json' }] },
      'app/tsconfig.app.json': {
        include: ['../src'],
        compilerOptions: { paths: { '@/*': ['../src/*'] } },
      },
    });

    expect(found('src/a.ts').config?.path).toBe(join(root, 'app/tsconfig.app.json'));
    expect(found('src/a.ts').files).toEqual([
      join(root, 'tsconfig.json'),
      join(root, 'app/tsconfig.app.json'),
    ]);
    expect(pathsOf('src/a.ts', '@/queue')).toEqual(['src/queue']);
    expect(found('other/a.ts').config?.path).toBe(join(root, 'tsconfig.json'));
  });

  it('keeps the own options of a tsconfig.json whose base is not installed', () => {
    writeFiles(root, {
      'tsconfig.json': { extends: '@acme/tsconfig', compilerOptions: { paths: { '@/*': ['./src/*'] } } },
    });

    expect(found('src/a.ts').config?.isComplete).toBe(false);
    expect(pathsOf('src/a.ts', '@/queue')).toEqual(['src/queue']);
  });

  it('has no options for a file whose tsconfig.json cannot be read', () => {
    writeFiles(root, { 'tsconfig.json': '{' });

    expect(found('src/a.ts').config).toBeNull();
  });
});
