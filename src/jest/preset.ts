import { readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import vm from 'node:vm';

const TEST_TIMEOUT_MS = 30_000;
const own = (file: string): string => join(__dirname, file);
const escaped = (path: string): string => path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** `preset: 'temporal-replay'` in jest.config; what each setting is for is in docs/jest.md. */
const preset: Readonly<Record<string, unknown>> = {
  globalSetup: own('global-setup.js'),
  globalTeardown: own('global-teardown.js'),
  testEnvironment: own('environment.js'),
  setupFilesAfterEnv: [own('setup.js')],
  transform: { '^.+\\.[cm]?[jt]sx?$': own('transformer.js') },
  // The second one where this package is linked into node_modules.
  transformIgnorePatterns: ['/node_modules/', `^${escaped(join(__dirname, '..') + sep)}`],
  resolver: own('resolver.js'),
  moduleFileExtensions: ['js', 'mjs', 'cjs', 'jsx', 'ts', 'mts', 'cts', 'tsx', 'json', 'node'],
  extensionsToTreatAsEsm: runsEsModules() ? ['.ts', '.tsx', '.jsx'] : [],
  testTimeout: TEST_TIMEOUT_MS,
};

/** Whether the service is of ES modules and Node was started such that jest can run them; else they become CommonJS. */
function runsEsModules(): boolean {
  return 'SyntheticModule' in vm && isEsModulePackage(process.cwd());
}

function isEsModulePackage(directory: string): boolean {
  try {
    const { type } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as { type?: string };
    return type === 'module';
  } catch {
    return false;
  }
}

export = preset;
