/** A service of a user with the preset, whose workflow code is in the coverage report of jest, whatever counts the rest of it. */
import { COVERAGE_SERVICE, type CoverageRun, itReportsWorkflowCode } from '../helpers/coverage-service';
import { installJest29, JEST, runSuite, writeService } from '../helpers/test-service';

const CONFIG = `module.exports = {
  preset: 'temporal-replay',
  coveragePathIgnorePatterns: ['/node_modules/', '/src/generated.ts$'],
  coverageReporters: ['json'],
  coverageThreshold: { './src/workflows.ts': { lines: Number(process.env.LINES) } },
};
`;

async function jest(script: string, provider: string, lines: number): Promise<CoverageRun> {
  const directory = writeService({
    ...COVERAGE_SERVICE,
    'package.json': '{ "name": "service", "private": true }',
    'jest.config.js': CONFIG,
  });
  const args = ['--coverage', `--coverageProvider=${provider}`];
  return { directory, lines, run: await runSuite(directory, [script, ...args], { LINES: `${lines}` }) };
}

describe.each([
  ['30', 'babel', 50],
  ['30', 'v8', 100],
  ['29', 'v8', 50],
])('the report of jest %s with %s', (version, provider, lines) => {
  let made: CoverageRun;
  beforeAll(async () => {
    made = await jest(version === '30' ? JEST : await installJest29(), provider, lines);
  });

  itReportsWorkflowCode(() => made);
});
