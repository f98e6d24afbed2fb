import { join } from 'node:path';
import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';
import { withTypeScriptRules } from '../../src/sdk/typescript-rules';
import { workflowTypesOf } from '../../src/sdk/workflow-types';
import { scratchDirectory } from '../helpers/replay-cli';
import { writeFiles } from '../helpers/write-files';

async function typesOf(
  files: Record<string, object | string>,
  { emitDecoratorMetadata = false } = {},
): Promise<string[]> {
  const root = scratchDirectory();
  writeFiles(root, files);
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(root, Object.keys(files)[0]!),
    logger: new DefaultLogger('ERROR'),
    webpackConfigHook: (config) => withTypeScriptRules(config, { emitDecoratorMetadata }),
  });
  return workflowTypesOf(code, 'bundle.js');
}

/** Code that throws while it loads unless the metadata of its decorator is this. */
const DECORATED = (expected: string): string => `
  let seen: unknown = 'none';
  (Reflect as any).metadata = (_: string, type: any) => { seen = type.name; return () => undefined; };
  const decorate: any = () => undefined;
  class Inner {}
  export class Outer { @decorate inner!: Inner; }
  if (seen !== '${expected}') throw new Error('metadata: ' + seen);
  export async function order() {}`;

describe('withTypeScriptRules', () => {
  it('compiles .mts, .cts and .tsx', async () => {
    const types = await typesOf({
      'workflows.mts': `
        export * from './common.cjs';
        export * from './module.mjs';
        export { show } from './show';
        import data from './data.json' with { type: 'json' };
        if (data.answer !== 42) throw new Error('no data');`,
      'common.cts': 'export async function common(): Promise<void> {}',
      'module.mts': 'export async function module(): Promise<void> {}',
      'show.tsx': 'export const show = async (): Promise<void> => { const Show = () => null; void Show; };',
      'data.json': { answer: 42 },
    });

    expect(types).toEqual(['common', 'module', 'show']);
  });

  it('does not read a .swcrc, which may exclude the options of the SDK or the file', async () => {
    const types = await typesOf({
      'workflows.ts': 'export async function order(): Promise<void> {}',
      '.swcrc': { env: { targets: { node: '20' } }, exclude: ['.*'] },
    });

    expect(types).toEqual(['order']);
  });

  it('emits the metadata of decorators only if the tsconfig file says so', async () => {
    expect(await typesOf({ 'workflows.ts': DECORATED('none') })).toEqual(['order']);
    expect(await typesOf({ 'workflows.ts': DECORATED('Inner') }, { emitDecoratorMetadata: true })).toEqual([
      'order',
    ]);
  });

  it('leaves a configuration alone that has no rule for swc', () => {
    const config = { module: { rules: [{ test: /\.ts$/, use: 'ts-loader' }] } };

    expect(withTypeScriptRules(config, {})).toBe(config);
  });
});
