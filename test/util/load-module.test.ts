/** Modules are loaded as Node runs them. They are loaded in a process of Node, since jest has a module system of its own. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, scratchDirectory } from '../helpers/replay-cli';
import { writeFiles } from '../helpers/write-files';

const PACKAGES = {
  // Node's static analysis finds no names in it, as in lodash.
  'node_modules/cjs/index.js':
    'const all = { named: () => "named" }; module.exports = Object.assign({}, all);',
  'node_modules/cjs-default/index.js':
    'Object.defineProperty(exports, "__esModule", { value: true }); exports.default = class Thing {}; exports.named = 1;',
  'node_modules/cjs-function/index.js': 'module.exports = () => "called"; module.exports.extra = "extra";',
  'node_modules/esm/package.json': { type: 'module', exports: { import: './index.js' } },
  'node_modules/esm/index.js': 'export const named = "esm"; export default () => "called";',
  'node_modules/awaiting/package.json': { type: 'module', exports: { import: './index.js' } },
  'node_modules/awaiting/index.js': 'export const named = await Promise.resolve("awaited");',
  'node_modules/both/package.json': { exports: { import: './index.mjs', require: './index.cjs' } },
  'node_modules/both/index.mjs': 'export const kind = "import";',
  'node_modules/both/index.cjs': 'exports.kind = "require";',
};

const SOURCES = {
  'src/helper.ts': 'export const helper = "helper"; export default class Helper {}',
  'src/data.json': { answer: 42 },
  'src/module.mts': 'export const url = import.meta.url.slice(0, 5);',
  'src/common.cts': 'import fn = require("cjs-function"); export const common = fn();',
  'libs/queue.ts': 'export enum Queue { Orders = "orders" } export namespace Names { export const one = 1; }',
};

/** Modules, each with the value of its export `result`. */
const CASES: Record<string, [code: string, expected: unknown]> = {
  'named-of-cjs.ts': ['import { named } from "cjs"; export const result = named();', 'named'],
  'default-of-cjs.ts': ['import cjs from "cjs"; export const result = cjs.named();', 'named'],
  'all-of-cjs.ts': ['import * as cjs from "cjs"; export const result = cjs.named();', 'named'],
  'proto.ts': [
    'import { temporal } from "@temporalio/proto"; export const result = typeof temporal.api.common.v1.Payload.encode;',
    'function',
  ],
  'default-of-transpiled.ts': [
    'import Thing, { named } from "cjs-default"; class Own extends Thing {}; export const result = [new Own() instanceof Thing, named];',
    [true, 1],
  ],
  'default-function.ts': [
    'import fn from "cjs-function"; export const result = fn() + fn.extra;',
    'calledextra',
  ],
  'import-equals.ts': ['import fn = require("cjs-function"); export const result = fn();', 'called'],
  'export-equals.cts': ['export = { result: "export=" };', 'export='],
  'esm-only.ts': ['import fn, { named } from "esm"; export const result = fn() + named;', 'calledesm'],
  'awaiting-package.ts': ['import { named } from "awaiting"; export const result = named;', 'awaited'],
  'top-level-await.ts': ['export const result = await Promise.resolve("awaited");', 'awaited'],
  'js-for-ts.ts': [
    'import Helper, { helper } from "./helper.js"; export const result = helper + Helper.name;',
    'helperHelper',
  ],
  'without-extension.ts': ['import { helper } from "./helper"; export const result = helper;', 'helper'],
  'ts-extension.ts': ['import { helper } from "./helper.ts"; export const result = helper;', 'helper'],
  'dynamic.ts': ['export const result = import("./helper.js").then(({ helper }) => helper);', 'helper'],
  'mts.ts': ['import { url } from "./module.mjs"; export const result = url;', 'file:'],
  'cts.ts': ['import { common } from "./common.cjs"; export const result = common;', 'called'],
  'json.ts': ['import data from "./data.json"; export const result = data.answer;', 42],
  'json-attribute.ts': [
    'import data from "./data.json" with { type: "json" }; export const result = data.answer;',
    42,
  ],
  'meta.ts': [
    'export const result = [import.meta.url.slice(0, 5), import.meta.dirname.endsWith("src"), import.meta.filename.endsWith("meta.ts")];',
    ['file:', true, true],
  ],
  'meta-resolve.ts': [
    'export const result = import.meta.resolve("./helper.js").endsWith("helper.ts");',
    true,
  ],
  'dirname.ts': [
    'export const result = [__dirname.endsWith("src"), require.resolve("./helper").endsWith("helper.ts")];',
    [true, true],
  ],
  'types.ts': [
    'import { Payload } from "@temporalio/common"; export { type PayloadCodec } from "@temporalio/common"; export const result = ((p?: Payload) => p === undefined)();',
    true,
  ],
  'alias.ts': [
    'import { Names, Queue } from "@libs/queue"; export const result = Queue.Orders + Names.one;',
    'orders1',
  ],
  'decorators.ts': [
    `const seen: unknown[] = [];
     (Reflect as any).metadata = (key: string, value: any) => () => {
       if (key === 'design:paramtypes') seen.push(value.map(({ name }: any) => name));
     };
     const decorate: any = () => undefined;
     class Key {}
     @decorate class Codec { @decorate key?: Key; constructor(@decorate private readonly given: Key) {} }
     export const result = seen;`,
    [['Key']],
  ],
};

/** Loads the modules one after another in a process of Node, and returns the `result` of each, or its error. */
function load(paths: string[]): Record<string, unknown> {
  const script = `
    const { loadModule } = require(${JSON.stringify(join(ROOT, 'lib/util/load-module.js'))});
    (async () => {
      const found = {};
      for (const path of ${JSON.stringify(paths)}) {
        try {
          found[path] = await (await loadModule(path)).result;
        } catch (err) {
          found[path] = String(err);
        }
      }
      process.stdout.write(JSON.stringify(found));
    })();`;
  return JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })) as never;
}

describe.each([
  { service: 'a CommonJS service', type: 'commonjs', kind: 'require' },
  { service: 'an ESM service', type: 'module', kind: 'import' },
])('loadModule in $service', ({ type, kind }) => {
  const cases = {
    ...CASES,
    'both.ts': ['import { kind } from "both"; export const result = kind;', kind],
    'plain.js': [
      type === 'module'
        ? 'import { helper } from "./plain-helper.js"; export const result = helper;'
        : 'exports.result = require("./plain-helper.js").helper;',
      'plain',
    ],
  } satisfies typeof CASES;

  let results: Record<string, unknown>;
  beforeAll(() => {
    const root = scratchDirectory();
    const pathOf = (name: string): string => join(root, 'src', name);
    writeFiles(root, {
      ...PACKAGES,
      ...SOURCES,
      'package.json': { type },
      'tsconfig.base.json': { compilerOptions: { paths: { '@libs/*': ['./gone/*', './libs/*'] } } },
      'tsconfig.json': { extends: './tsconfig.base.json' },
      'src/plain-helper.js':
        type === 'module' ? 'export const helper = "plain";' : 'exports.helper = "plain";',
      ...Object.fromEntries(Object.entries(cases).map(([name, [code]]) => [`src/${name}`, code])),
    });
    const byPath = load(Object.keys(cases).map(pathOf));
    results = Object.fromEntries(Object.keys(cases).map((name) => [name, byPath[pathOf(name)]]));
  });

  it.each(Object.entries(cases))('loads %s', (name, [, expected]) => {
    expect(results[name]).toEqual(expected);
  });
});

describe('loadModule', () => {
  it.each([
    [
      'a project that tsconfig.json references',
      {
        'tsconfig.json': { files: [], references: [{ path: './tsconfig.app.json' }] },
        'tsconfig.app.json': {
          include: ['src'],
          compilerOptions: { paths: { '@/*': ['./gone/*', './libs/*'] } },
        },
      },
    ],
    [
      'jsconfig.json',
      { 'jsconfig.json': { compilerOptions: { paths: { '@/queue': ['./libs/queue.ts'] } } } },
    ],
    [
      'a tsconfig.json whose base is not installed',
      { 'tsconfig.json': { extends: '@acme/base', compilerOptions: { paths: { '@/*': ['./libs/*'] } } } },
    ],
  ])('takes aliases from %s', (_, configs) => {
    const root = scratchDirectory();
    writeFiles(root, {
      ...configs,
      'libs/queue.ts': 'export const queue = "orders";',
      'src/codec.ts': 'import { queue } from "@/queue"; export const result = queue;',
    });
    const path = join(root, 'src/codec.ts');

    expect(load([path])).toEqual({ [path]: 'orders' });
  });

  it('runs a module once that throws while it loads, and throws its error', () => {
    const root = scratchDirectory();
    const path = join(root, 'codec.ts');
    writeFiles(root, {
      'codec.ts':
        'const seen = ((globalThis as any).seen ??= []); seen.push(1); throw new Error(`no key (${seen.length})`);',
    });

    expect(load([path])).toEqual({ [path]: 'Error: no key (1)' });
  });
});
