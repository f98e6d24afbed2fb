import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { userOutside } from '../../src/cause/code-outside';
import { initRepository } from '../helpers/git-repository';
import { scratchDirectory } from '../helpers/replay-cli';

/** Writes files to a repository, and returns the user of `src/limits.ts` outside of the bundled ones. */
async function userOf(
  files: Readonly<Record<string, string>>,
  bundled: readonly string[],
): Promise<string | null> {
  const directory = scratchDirectory();
  initRepository(directory);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(directory, dirname(file)), { recursive: true });
    writeFileSync(join(directory, file), text);
  }
  const paths = new Set(['src/limits.ts', ...bundled].map((file) => join(directory, file)));
  const user = await userOutside(join(directory, 'src/limits.ts'), paths);
  return user && user.slice(directory.length + 1);
}

const LIMITS = { 'src/limits.ts': 'export const LIMIT = 5;' };
const IMPORT = "import { LIMIT } from './limits';";

describe('the user of a bundled file outside of the bundle', () => {
  it('is a file that imports it', async () => {
    expect(await userOf({ ...LIMITS, 'src/activities.ts': IMPORT }, [])).toBe('src/activities.ts');
  });

  it('is found through other bundled files', async () => {
    const files = {
      ...LIMITS,
      'src/shared/index.ts': "export * from '../limits.js';",
      'src/activities.ts': "import { LIMIT } from './shared';",
    };

    expect(await userOf(files, ['src/shared/index.ts'])).toBe('src/activities.ts');
  });

  it.each([
    ['a bundled file', { 'src/flow.ts': IMPORT }, ['src/flow.ts']],
    ['a test', { 'src/limits.test.ts': IMPORT, 'test/limits.ts': "import '../src/limits';" }, []],
    ['an import of types', { 'src/activities.ts': "import type { Limit } from './limits';" }, []],
    ['a file that only mentions it', { 'src/activities.ts': "log('limits')" }, []],
    [
      'a worker that loads workflow code',
      {
        'src/flow.ts': `import { sleep } from '@temporalio/workflow';\n${IMPORT}`,
        'src/worker.ts': "import * as flows from './flow';",
      },
      ['src/flow.ts'],
    ],
  ])('is not %s', async (_, files, bundled) => {
    expect(await userOf({ ...LIMITS, ...files }, bundled)).toBeNull();
  });
});
