import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TsConfig, tsConfigsIn } from '../../src/init/tsconfig';

function folderWith(files: Record<string, object | string>): string {
  const root = mkdtempSync(join(tmpdir(), 'replay-tsconfig-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return root;
}

const onlyConfigIn = (root: string): TsConfig => tsConfigsIn(root)[0]!;

describe('tsConfigsIn', () => {
  it('reads tsconfig.json first, then its variants by name', () => {
    const root = folderWith({
      'tsconfig.build.json': { compilerOptions: { outDir: 'b' } },
      'tsconfig.a.json': { compilerOptions: { outDir: 'a' } },
      'tsconfig.json':
        '{ // comments and trailing commas are fine\n "compilerOptions": { "outDir": "dist", }, }',
      'package.json': {},
    });

    expect(tsConfigsIn(root).map(({ outDir }) => outDir)).toEqual(
      ['dist', 'a', 'b'].map((dir) => join(root, dir)),
    );
  });

  it('takes directories from where they are written', () => {
    const root = folderWith({
      'tsconfig.json': { extends: './config/base' },
      'config/base.json': { compilerOptions: { rootDir: '../src', outDir: '${configDir}/out' } },
    });

    expect(onlyConfigIn(root)).toMatchObject({ rootDir: join(root, 'src'), outDir: join(root, 'out') });
  });

  it('extends a base of a package', () => {
    const root = folderWith({
      'tsconfig.json': { extends: '@acme/tsconfig/node.json' },
      'node_modules/@acme/tsconfig/node.json': { compilerOptions: { noEmit: true } },
    });

    expect(onlyConfigIn(root).emitsOwnFolder).toBe(false);
  });

  it.each([
    ['a package that is not installed', '@acme/tsconfig/node.json'],
    ['a file that is not there', './base.json'],
  ])('keeps its own options where it extends %s', (_, base) => {
    const root = folderWith({
      'tsconfig.json': { extends: base, compilerOptions: { outDir: 'dist', paths: { '@/*': ['./src/*'] } } },
    });

    const config = onlyConfigIn(root);

    expect(config.outDir).toBe(join(root, 'dist'));
    expect(config.pathsOf('@/order')).toEqual([join(root, 'src/order')]);
  });

  it('leaves out what is no JSON object', () => {
    expect(
      tsConfigsIn(folderWith({ 'tsconfig.json': '{ "compilerOptions":', 'tsconfig.b.json': '[]' })),
    ).toEqual([]);
  });

  it('is empty for a folder that is not there', () => {
    expect(tsConfigsIn('/nowhere/at/all')).toEqual([]);
  });
});

describe('pathsOf', () => {
  const pathsOf = (compilerOptions: object, specifier: string): string[] => {
    const root = folderWith({ 'tsconfig.json': { compilerOptions } });
    return onlyConfigIn(root)
      .pathsOf(specifier)
      .map((path) => path.slice(root.length + 1));
  };

  it('gives every target of the most specific pattern', () => {
    const paths = { '@/*': ['./src/*'], '@/workflows/*': ['./a/*', './b/*'] };

    expect(pathsOf({ paths }, '@/workflows/order')).toEqual(['a/order', 'b/order']);
  });

  it('starts at baseUrl', () => {
    expect(pathsOf({ baseUrl: 'src', paths: { lib: ['shared/lib'] } }, 'lib')).toContain('src/shared/lib');
    expect(pathsOf({ baseUrl: 'src' }, 'workflows/order')).toEqual(['src/workflows/order']);
  });

  it.each([
    ['a name that no pattern fits', { '@/*': ['./src/*'] }],
    ['a pattern that TypeScript refuses', { '*/*': ['./src/*'] }],
  ])('is empty for %s', (_, paths) => {
    expect(pathsOf({ paths }, 'uuid')).toEqual([]);
  });
});

describe('emitsOwnFolder', () => {
  it.each([
    ['by default', {}, true],
    ['with noEmit', { compilerOptions: { noEmit: true } }, false],
    ['with include of everything', { include: ['**/*'] }, true],
    ['with include of its folder', { include: ['./*.ts'] }, true],
    ['with include of another folder', { include: ['src'] }, false],
    ['with files alone', { files: ['src/index.ts'] }, false],
  ])('%s', (_, config, expected) => {
    expect(onlyConfigIn(folderWith({ 'tsconfig.json': config })).emitsOwnFolder).toBe(expected);
  });
});
