/** Workflow code is bundled with the aliases of its tsconfig files. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BundleResult, bundleProject } from '../../src/bundle/bundle-project';
import { describeCodeFailure } from '../../src/model/code-failure';
import { resolveReplayOptions } from '../../src/options/resolve';
import type { ProjectOptions } from '../../src/options/types';
import { scratchDirectory } from '../helpers/replay-cli';
import { writeFiles } from '../helpers/write-files';

const CLOCK_MS = 50;

let root: string;
beforeEach(() => {
  root = scratchDirectory();
});

async function bundle(options: ProjectOptions = {}): Promise<BundleResult> {
  const { projects } = resolveReplayOptions({ workflowsPath: 'src/workflows.ts', ...options }, root);
  // A file that is written at the moment of bundling may be missing in the bundle, so that bundle is not kept.
  await sleep(CLOCK_MS);
  return bundleProject(projects[0]!, { cache: true, cacheDir: join(root, 'cache') });
}

/** Returns the exports of the workflow code; those that are functions have names of their own. */
async function typesOf(options: ProjectOptions = {}): Promise<readonly string[]> {
  const result = await bundle(options);
  if ('failure' in result) throw new Error(describeCodeFailure(result.failure));
  return result.workflowTypes;
}

const workflow = (name: string): string => `export async function ${name}() {}`;
const paths = (entries: Record<string, string[]>): object => ({ compilerOptions: { paths: entries } });

it('the bundler takes the first path that exists, from a base, and before a package of the same name', async () => {
  writeFiles(root, {
    'tsconfig.base.json': paths({ '@libs/*': ['./gone/*', './libs/*'], shared: ['./libs/shared.ts'] }),
    'tsconfig.json': { extends: './tsconfig.base.json' },
    'libs/orders/index.ts': workflow('order'),
    'libs/shared.ts': workflow('share'),
    'node_modules/shared/index.js': 'exports.package = async () => undefined;',
    'src/workflows.ts': 'export * from "@libs/orders"; export * from "shared";',
  });

  expect(await typesOf()).toEqual(['order', 'share']);
});

it('the bundler takes the tsconfig file of the module that imports', async () => {
  writeFiles(root, {
    'tsconfig.json': paths({ '@/*': ['./src/*'], '@libs/*': ['./libs/*/src'] }),
    'src/workflows.ts': 'export * from "@/own"; export * from "@libs/orders";',
    'src/own.ts': workflow('ofService'),
    'libs/orders/tsconfig.json': paths({ '@/*': ['./src/*'] }),
    'libs/orders/src/index.ts': 'export * from "@/own";',
    'libs/orders/src/own.ts': workflow('ofLibrary'),
  });

  expect(await typesOf()).toEqual(['ofLibrary', 'ofService']);
});

it('the bundler takes paths from baseUrl, from a referenced project, and with the extensions of ES modules', async () => {
  writeFiles(root, {
    'tsconfig.json': { files: [], references: [{ path: './tsconfig.app.json' }] },
    'tsconfig.app.json': { include: ['src'], compilerOptions: { baseUrl: '.' } },
    'src/workflows.ts': 'export * from "src/order.js"; export * from "libs/share.mjs";',
    'src/order.ts': workflow('order'),
    'libs/share.mts': workflow('share'),
  });

  expect(await typesOf()).toEqual(['order', 'share']);
});

it('the bundler leaves alone declarations, modules of Node and of the SDK, and modules that are ignored', async () => {
  writeFiles(root, {
    'tsconfig.json': {
      compilerOptions: {
        baseUrl: '.',
        paths: {
          typed: ['./types/typed.d.ts'],
          '@temporalio/*': ['./types/*'],
          'ignored/*': ['./src/ignored/*'],
        },
      },
    },
    'types/typed.d.ts': 'export declare const ship: () => Promise<void>;',
    'types/workflow.ts': 'throw new Error("not the SDK");',
    'assert.ts': 'throw new Error("not the module of Node");',
    'src/ignored/db.ts': 'throw new Error("not ignored");',
    'node_modules/typed/index.js': 'exports.ship = async () => undefined;',
    'src/workflows.ts': `import assert from 'assert';
      import * as db from 'ignored/db';
      import { uuid4 } from '@temporalio/workflow';
      export { ship } from 'typed';
      assert(uuid4() && db);`,
  });

  expect(await typesOf({ bundlerOptions: { ignoreModules: ['ignored/db'] } })).toEqual(['ship']);
});

it('the bundler builds again when a tsconfig file or a file of an earlier path comes', async () => {
  writeFiles(root, {
    'tsconfig.base.json': paths({ '@libs/*': ['./first/*', './second/*'] }),
    'tsconfig.json': { extends: './tsconfig.base.json' },
    'second/a.ts': workflow('second'),
    'third/a.ts': workflow('third'),
    'src/workflows.ts': 'export * from "@libs/a";',
  });
  expect(await typesOf()).toEqual(['second']);
  expect(await bundle()).toMatchObject({ cached: true });

  writeFiles(root, { 'first/a.ts': workflow('first') });
  expect(await typesOf()).toEqual(['first']);

  writeFiles(root, { 'tsconfig.base.json': paths({ '@libs/*': ['./third/*'] }) });
  expect(await typesOf()).toEqual(['third']);

  writeFiles(root, { 'src/tsconfig.json': paths({ '@libs/*': ['../second/*'] }) });
  expect(await typesOf()).toEqual(['second']);
  expect(await bundle()).toMatchObject({ cached: true });
});

it('the bundler says that a base of tsconfig.json is missing, if the code then cannot be bundled', async () => {
  writeFiles(root, {
    'tsconfig.json': { extends: '@acme/tsconfig' },
    'src/workflows.ts': 'export * from "@libs/orders";',
  });

  const result = await bundle();

  expect('failure' in result && describeCodeFailure(result.failure)).toMatch(
    /Can't resolve '@libs\/orders'[^]*tsconfig\.json extends a file that cannot be read/,
  );
});
