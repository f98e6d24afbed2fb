import { mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { sourcesOfModules } from '../../src/bundle/module-sources';

let directory: string;
beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'temporal-replay-')));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** Returns the sources of `config.ts` that are in the directory. */
function sources(): string[] | null {
  const found = sourcesOfModules([join(directory, 'config.ts')]);
  return found && found.map((path) => relative(directory, path)).filter((path) => !path.startsWith('..'));
}

describe('sourcesOfModules', () => {
  it('are the files that a module imports, directly and through others', () => {
    write({
      'config.ts': `import { hook } from './hook.js';\nimport type { T } from './types';\nexport default { hook };`,
      'hook.ts': `export * from './lib';\nconst data = require('./data.json');\nimport('./lazy.mjs');\nimport 'node:fs';`,
      'lib/index.mts': `export const loader = require.resolve('../loader');`,
      ...{ 'types.d.ts': '', 'types.ts': '', 'data.json': '{}', 'lazy.mjs': '', 'loader.cjs': '' },
      'other.ts': '',
    });

    expect(sources()).toEqual([
      ...['config.ts', 'data.json', 'hook.ts', 'lazy.mjs', 'lib/index.mts', 'loader.cjs', 'types.ts'],
    ]);
  });

  it('follow the paths of a tsconfig file', () => {
    write({
      'config.ts': "import { hook } from '@app/hook';",
      'app/hook.ts': '',
      'tsconfig.json': '{"compilerOptions": {"paths": {"@app/*": ["./app/*"]}}}',
    });

    expect(sources()).toEqual(['app/hook.ts', 'config.ts']);
  });

  it('have the lock file in the place of packages, without a CommonJS build too', () => {
    const esm = '{"name": "esm", "exports": {"import": "./index.js"}}';
    write({
      'config.ts': "import a from 'cjs';\nimport b from 'esm';",
      'node_modules/cjs/index.js': '',
      'node_modules/esm/package.json': esm,
      'node_modules/esm/index.js': '',
      'package-lock.json': '{}',
    });

    expect(sources()).toEqual(['config.ts', 'package-lock.json']);
  });

  it('take no import from a comment or another string', () => {
    write({ 'config.ts': "// import './gone'\nexport const text = 'from';\n/* require('./gone') */" });

    expect(sources()).toEqual(['config.ts']);
  });

  it('take every import of code that has the signs of a comment in its strings', () => {
    write({
      'config.ts': "export const ignored = ['./dist/*'];\nexport * from './hook';\nexport const all = '*/x';",
      'hook.ts': '',
    });

    expect(sources()).toEqual(['config.ts', 'hook.ts']);
  });

  it('are unknown for code that cannot be parsed', () => {
    write({ 'config.ts': 'export default {' });

    expect(sources()).toBeNull();
  });

  it('are unknown if an import leads to no file', () => {
    write({ 'config.ts': "import { hook } from './gone';" });

    expect(sources()).toBeNull();
  });
});
