import { join } from 'node:path';
import { bundleProject } from '../../src/bundle/bundle-project';
import { resolveReplayOptions } from '../../src/options/resolve';
import { isOwnSource } from '../../src/source/own-source';
import { readInlineSourceMap } from '../../src/source/source-map';
import { scratchDirectory } from '../helpers/replay-cli';
import { writeFiles } from '../helpers/write-files';

const compiled = (code: string, source: string): Record<string, string> => ({
  'index.js': `${code}\n//# sourceMappingURL=index.js.map`,
  'index.js.map': JSON.stringify({ version: 3, sources: [source], names: [], mappings: 'AAAA' }),
});

describe('the source map of a bundle', () => {
  it('leads to the sources of compiled code, but not to those that a package does not publish', async () => {
    const service = scratchDirectory();
    writeFiles(service, {
      'workflows.ts': `import { ask } from 'asking';
        import { own } from './lib';
        export const first = async () => [ask, own];`,
    });
    writeFiles(join(service, 'lib'), compiled('exports.own = 1;', '../src/own.ts'));
    writeFiles(service, { 'src/own.ts': 'export const own = 1;' });
    const asking = join(service, 'node_modules/asking');
    writeFiles(asking, { 'package.json': { name: 'asking', main: 'dist/index.js' } });
    writeFiles(join(asking, 'dist'), compiled('exports.ask = 1;', '../../src/ask.ts'));
    const { projects } = resolveReplayOptions({ workflowsPath: 'workflows.ts' }, service);

    const result = await bundleProject(projects[0]!, { cache: false, cacheDir: join(service, 'cache') });

    const { sources } = readInlineSourceMap((result as { path: string }).path)!;
    expect(sources!.filter(isOwnSource).sort()).toEqual([
      join(service, 'src/own.ts'),
      join(service, 'workflows.ts'),
    ]);
    expect(sources).toContain(join(asking, 'dist/index.js'));
  });
});
