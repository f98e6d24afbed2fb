/** Modules that export a data converter by the name that the replay processes load it by. */
import { withConverterModules } from '../../src/init/converter-module';
import type { FoundProject } from '../../src/init/projects';
import type { ConverterExport } from '../../src/init/worker-code';

const CALLED: ConverterExport = {
  module: 'src/converter.ts',
  isFile: true,
  name: 'getConverter',
  isCalled: true,
};

const TS = { file: 'replay.config.ts', style: 'import' } as const;

const project = (converterExport: ConverterExport | null): FoundProject =>
  ({ name: 'q', dataConverter: null, converterExport }) as FoundProject;

const textFor = (
  exported: Partial<ConverterExport>,
  config = TS as Parameters<typeof withConverterModules>[1],
  isModule = false,
): string =>
  withConverterModules([project({ ...CALLED, ...exported })], config, isModule)
    .modules[0]!.content.split('\n')
    .slice(1)
    .filter(Boolean)
    .join('\n');

describe('the module of a data converter', () => {
  it('is named by the projects that need it, once for each data converter', () => {
    const other = { ...CALLED, module: 'src/other.ts' };

    const { projects, modules } = withConverterModules(
      [project(CALLED), project(null), project(other), project(CALLED)],
      TS,
      false,
    );

    expect(projects.map(({ dataConverter }) => dataConverter)).toEqual([
      'replay.data-converter.ts',
      null,
      'replay.data-converter-2.ts',
      'replay.data-converter.ts',
    ]);
    expect(modules.map(({ path }) => path)).toEqual([
      'replay.data-converter.ts',
      'replay.data-converter-2.ts',
    ]);
  });

  it('calls a function that makes the data converter', () => {
    expect(textFor({})).toBe(
      "import { getConverter } from './src/converter';\nexport const dataConverter = getConverter();",
    );
  });

  it('renames an import that is called as its own export', () => {
    const made = 'export const dataConverter = makeDataConverter();';

    expect(textFor({ name: 'dataConverter' })).toBe(
      `import { dataConverter as makeDataConverter } from './src/converter';\n${made}`,
    );
    expect(textFor({ name: 'default' })).toBe(
      `import { default as makeDataConverter } from './src/converter';\n${made}`,
    );
  });

  it('passes on a data converter that is exported by another name', () => {
    expect(textFor({ name: 'encrypted', isCalled: false })).toBe(
      "export { encrypted as dataConverter } from './src/converter';",
    );
  });

  it('imports a package by its name', () => {
    expect(textFor({ module: '@shop/codec', isFile: false })).toContain("from '@shop/codec'");
  });

  it('imports as ES modules and CommonJS do', () => {
    expect(textFor({}, TS, true)).toContain("from './src/converter.js'");
    expect(textFor({}, { file: 'replay.config.mjs', style: 'import' })).toContain(
      "from './src/converter.js'",
    );
    expect(textFor({ module: 'src/converter.mts' })).toContain("from './src/converter.mjs'");
    expect(textFor({}, { file: 'replay.config.js', style: 'require' })).toBe(
      "const { getConverter } = require('./src/converter');\nexports.dataConverter = getConverter();",
    );
  });
});
