import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { ROOT, replay, reportOf, scratchDirectory, writeEdited } from '../helpers/replay-cli';

describe('a prebuilt bundle without a source map', () => {
  it('is replayed and diagnosed with a note on the missing place in the source', async () => {
    const directory = scratchDirectory();
    const workflows = join(directory, 'workflows.ts');
    writeEdited(join(ROOT, 'test/services/small/workflows.ts'), workflows, [
      ["await act2('comp');", "await act('comp');"],
    ]);
    const { code } = await bundleWorkflowCode({
      workflowsPath: workflows,
      logger: new DefaultLogger('ERROR'),
    });
    const bundle = join(directory, 'bundle.js');
    writeFileSync(bundle, code.slice(0, code.lastIndexOf('//# sourceMappingURL=')));
    const histories = join(ROOT, 'test/services/small/histories');

    const run = await replay(['run', histories, '--bundle', bundle, '--reporter', 'json'], {
      cwd: directory,
      env: { XDG_CACHE_HOME: directory },
    });

    expect(run.code).toBe(1);
    expect(reportOf(run).summary).toMatchObject({ histories: 7, compatible: 6, incompatible: 1 });
    expect(reportOf(run).groups).toMatchObject([{ location: null, codeFrame: null }]);
    expect(reportOf(run).groups[0]!.locationNote).toContain('no source map');
  });
});
