/** The tests of the example services run under jest as a user's do, and the cookbook page shows them. */
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, scratchDirectory } from '../helpers/replay-cli';
import { JEST, runSuite } from '../helpers/test-service';

const COOKBOOK = join(ROOT, 'examples/cookbook');
const PAGE = readFileSync(join(ROOT, 'docs/testing.md'), 'utf8');
const MAX_LINES = 30;

/** Copies the service into a repository of its own, with the built package among its dependencies. */
function installed(service: string): string {
  const repository = scratchDirectory();
  const directory = join(repository, 'examples', service);
  cpSync(join(ROOT, 'examples', service), directory, { recursive: true });
  symlinkSync(join(ROOT, 'histories'), join(repository, 'histories'), 'junction');
  mkdirSync(join(directory, 'node_modules'));
  symlinkSync(ROOT, join(directory, 'node_modules/temporal-replay'), 'junction');
  return directory;
}

describe('the tests of an example service', () => {
  it.each([
    ['order-service', 16],
    ['cookbook', 16],
  ])('of %s pass with the preset', async (service, tests) => {
    const { code, output } = await runSuite(installed(service), [JEST]);

    expect(output).toContain(`Tests:       ${tests} passed, ${tests} total`);
    expect(output).not.toContain('did not exit');
    expect(code).toBe(0);
  });
});

describe('the cookbook of docs/testing.md', () => {
  const examples = readdirSync(join(COOKBOOK, 'test'));

  it.each(examples)('has %s as it is, and it is short', (file) => {
    const code = readFileSync(join(COOKBOOK, 'test', file), 'utf8').trimEnd();

    expect(PAGE).toContain(`\`\`\`ts\n${code}\n\`\`\``);
    expect(code.split('\n').length).toBeLessThanOrEqual(MAX_LINES);
  });

  it('has each workflow as it is', () => {
    const source = readFileSync(join(COOKBOOK, 'src/workflows.ts'), 'utf8');
    const regions = [...source.matchAll(/\/\/ #region \w+\n([\s\S]*?)\n\/\/ #endregion/g)];

    expect(regions).toHaveLength(11);
    for (const [, code] of regions) expect(PAGE).toContain(`\`\`\`ts\n${code}\n\`\`\``);
  });
});
