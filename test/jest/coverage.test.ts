/** A service of a user with the preset, whose workflow code is in the coverage report of jest, whatever counts the rest of it. */
import { COVERAGE_SERVICE, type CoverageRun, itReportsWorkflowCode } from '../helpers/coverage-service';
import { installJest29, JEST, runSuite, writeService } from '../helpers/test-service';

const SETTINGS = `{
  preset: 'temporal-replay',
  coveragePathIgnorePatterns: ['/node_modules/', '/src/generated.ts$'],
  coverageReporters: ['json'],
  coverageThreshold: { './src/workflows.ts': { lines: Number(process.env.LINES) } },
};
`;

interface Service {
  script: string;
  provider: string;
  type: string;
  lines: number;
}

async function jest({ script, provider, type, lines }: Service): Promise<CoverageRun> {
  const isEsm = type === 'module';
  const directory = writeService({
    ...COVERAGE_SERVICE,
    'package.json': JSON.stringify({ name: 'service', private: true, type }),
    'jest.config.js': `${isEsm ? 'export default' : 'module.exports ='} ${SETTINGS}`,
  });
  const run = await runSuite(directory, [script, '--coverage', `--coverageProvider=${provider}`], {
    LINES: `${lines}`,
    NODE_OPTIONS: isEsm ? '--experimental-vm-modules' : '',
  });
  return { directory, lines, run };
}

describe.each([
  ['30', 'babel', 'module', 50],
  ['30', 'v8', 'commonjs', 100],
  ['29', 'v8', 'module', 50],
])('the report of jest %s with %s, of a service of type %s', (version, provider, type, lines) => {
  let made: CoverageRun;
  beforeAll(async () => {
    const script = version === '30' ? JEST : await installJest29();
    made = await jest({ script, provider, type, lines });
  });

  itReportsWorkflowCode(() => made);
});
