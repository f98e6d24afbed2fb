/** A service of a user whose workflow code is in the coverage report of vitest, whatever counts the rest of it. */
import { cpSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { COVERAGE_SERVICE, type CoverageRun, itReportsWorkflowCode } from '../helpers/coverage-service';
import { ROOT } from '../helpers/replay-cli';
import { installVitest, runSuite, writeService } from '../helpers/test-service';

const CONFIG = `import { defineConfig } from 'vitest/config';
import { temporalReplay } from 'temporal-replay/vitest';

const lines = Number(process.env.LINES);
export default defineConfig({
  plugins: [temporalReplay()],
  test: {
    globals: true,
    coverage: { exclude: ['src/generated.ts'], reporter: ['json'], thresholds: { 'src/workflows.ts': { lines } } },
  },
});
`;

async function vitest(version: string, provider: string, lines: number): Promise<CoverageRun> {
  const packages = await installVitest(version);
  const directory = writeService({
    ...COVERAGE_SERVICE,
    'package.json': '{ "name": "service", "private": true, "type": "module" }',
    'vitest.config.ts': CONFIG,
  });
  // A copy: the one in the repository would find the repository's vitest.
  const own = join(directory, 'node_modules/temporal-replay');
  rmSync(own);
  for (const file of ['lib', 'package.json']) cpSync(join(ROOT, file), join(own, file), { recursive: true });
  for (const name of ['vitest', '@vitest'])
    symlinkSync(join(packages, name), join(directory, 'node_modules', name), 'junction');
  const script = join(packages, 'vitest/vitest.mjs');
  const args = ['run', '--coverage', `--coverage.provider=${provider}`];
  return { directory, lines, run: await runSuite(directory, [script, ...args], { LINES: `${lines}` }) };
}

describe.each([
  ['4.1.12', 'v8', 100],
  ['4.1.12', 'istanbul', 50],
  ['3.2.7', 'v8', 50],
])('the report of vitest %s with %s', (version, provider, lines) => {
  let made: CoverageRun;
  beforeAll(async () => {
    made = await vitest(version, provider, lines);
  });

  itReportsWorkflowCode(() => made);
});
