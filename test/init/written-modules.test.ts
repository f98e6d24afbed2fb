/** Modules that export a data converter or plugins by the name that the replay processes load them by. */
import { withWrittenModules } from '../../src/init/written-modules';
import type { FoundProject } from '../../src/init/projects';
import type { ConverterExport, CopiedCode } from '../../src/init/worker-code';

const CALLED: ConverterExport = {
  module: 'src/converter.ts',
  isFile: true,
  name: 'getConverter',
  isCalled: true,
};

const TS = { file: 'replay.config.ts', style: 'import' } as const;

const project = (converterExport: ConverterExport | null): FoundProject =>
  ({
    name: 'q',
    dataConverter: null,
    converterExport,
    converterCode: null,
    pluginsCode: null,
    movedCode: {},
  }) as unknown as FoundProject;

const textFor = (
  exported: Partial<ConverterExport>,
  config = TS as Parameters<typeof withWrittenModules>[1],
  isModule = false,
): string =>
  withWrittenModules([project({ ...CALLED, ...exported })], config, isModule)
    .modules[0]!.content.split('\n')
    .slice(1)
    .filter(Boolean)
    .join('\n');

describe('the module of a data converter', () => {
  it('is named by the projects that need it, once for each data converter', () => {
    const other = { ...CALLED, module: 'src/other.ts' };

    const { projects, modules } = withWrittenModules(
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

describe('the module of plugins that the call of a worker makes', () => {
  const file = { isFile: true, module: 'src/tracing.ts' };
  const COPIED: CopiedCode = {
    from: 'src/worker.ts',
    imports: [
      { local: 'resource', name: 'resource', ...file },
      { local: 'exporterOf', name: 'default', ...file },
      { local: 'otel', name: '*', module: '@acme/otel', isFile: false },
    ],
    usesDirectory: false,
    statements: ['const plugins = [\n  new otel.Plugin(exporterOf(resource)),\n];'],
    expression: 'plugins',
  };
  const projectWith = (pluginsCode: CopiedCode): FoundProject =>
    ({
      name: 'q',
      dataConverter: null,
      converterExport: null,
      converterCode: null,
      pluginsCode,
      movedCode: {},
    }) as unknown as FoundProject;

  it('has the imports and the declarations of the worker, and is shared by workers with the same code', () => {
    const other = { ...COPIED, from: 'src/other.ts' };

    const { projects, modules } = withWrittenModules([projectWith(COPIED), projectWith(other)], TS, false);

    expect(projects.map(({ plugins }) => plugins)).toEqual(['replay.plugins.ts', 'replay.plugins.ts']);
    expect(modules).toHaveLength(1);
    expect(modules[0]!.content).toContain('in src/worker.ts, copied.');
    expect(modules[0]!.content).toContain(`
import { resource, default as exporterOf } from './src/tracing';
import * as otel from '@acme/otel';

export const plugins = (() => {
  const plugins = [
    new otel.Plugin(exporterOf(resource)),
  ];
  return plugins;
})();
`);
  });

  it('is CommonJS beside a config that is', () => {
    const simple = { ...COPIED, statements: [], expression: '[new otel.Plugin(exporterOf(resource))]' };

    const { modules } = withWrittenModules(
      [projectWith(simple)],
      { file: 'replay.config.js', style: 'require' },
      false,
    );

    expect(modules[0]!.content).toContain(`
const { resource, default: exporterOf } = require('./src/tracing');
const otel = require('@acme/otel');

exports.plugins = [new otel.Plugin(exporterOf(resource))];
`);
  });

  it('has no types where it is JavaScript', () => {
    const typed = {
      ...COPIED,
      imports: [...COPIED.imports, { local: 'Options', name: 'Options', ...file }],
      statements: [
        'const options: Options = { list: [] as string[] };',
        'class Client extends otel.Client {\n  private readonly url = 1;\n  override async send(a: Options) {}\n}',
      ],
      expression: '[new otel.Plugin<Options>(exporterOf(resource!), (a?: string) => a)]',
    };

    const { modules } = withWrittenModules(
      [projectWith(typed)],
      { file: 'replay.config.mjs', style: 'import' },
      false,
    );

    expect(modules[0]!.content).toContain(`
import { resource, default as exporterOf } from './src/tracing.js';
import * as otel from '@acme/otel';

export const plugins = (() => {
  const options = { list: [] };
  class Client extends otel.Client {
    url = 1;
    async send(a) {}
  }
  return [new otel.Plugin(exporterOf(resource), (a) => a)];
})();
`);
  });
});

describe('the module of options that only a module of the worker can give', () => {
  const sinks: CopiedCode = {
    from: 'src/worker.ts',
    imports: [{ local: 'log', name: 'log', module: 'src/log.ts', isFile: true }],
    usesDirectory: false,
    statements: [],
    expression: '{ audit: log }',
  };
  const webpackConfigHook: CopiedCode = {
    from: 'src/bundle.ts',
    imports: [{ local: 'log', name: 'log', module: '@acme/log', isFile: false }],
    usesDirectory: true,
    statements: [],
    expression: 'function (config) { return alias(config, __dirname, log); }',
  };
  const written = (project: Partial<FoundProject>): ReturnType<typeof withWrittenModules> =>
    withWrittenModules([{ movedCode: {}, worker: null, ...project } as FoundProject], TS, false);

  it('becomes the worker of its project, with each option where the worker has it', () => {
    const { projects, modules } = written({
      workflowsPath: 'src/workflows.ts',
      movedCode: { sinks, webpackConfigHook },
    });

    expect(projects[0]!.worker).toBe('replay.worker-options.ts');
    expect(modules[0]!.content).toContain('the sinks and webpackConfigHook of the worker in src/worker.ts');
    expect(modules[0]!.content).toContain(`
import { log } from './src/log';
import { log as log2 } from '@acme/log';

export const workerOptions = {
  sinks: { audit: log },
  bundlerOptions: {
    webpackConfigHook: ((__dirname) => {
      const log = log2;
      return function (config) { return alias(config, __dirname, log); };
    })(\`\${__dirname}/src\`),
  },
};
`);
  });

  it('is not written for a project without workflow code', () => {
    expect(written({ workflowsPath: null, bundle: null, movedCode: { sinks } }).modules).toEqual([]);
  });
});
