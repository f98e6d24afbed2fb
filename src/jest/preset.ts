import { readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import vm from 'node:vm';

const TEST_TIMEOUT_MS = 30_000;
const own = (file: string): string => join(__dirname, file);
const escaped = (path: string): string => path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The jest preset: `preset: 'temporal-replay'` in jest.config. docs/jest.md describes each setting. */
const preset: Readonly<Record<string, unknown>> = {
  globalSetup: own('global-setup.js'),
  globalTeardown: own('global-teardown.js'),
  testEnvironment: own('environment.js'),
  setupFilesAfterEnv: [own('setup.js')],
  transform: { '^.+\\.[cm]?[jt]sx?$': own('transformer.js') },
  // The second pattern is for a package that is linked into node_modules.
  transformIgnorePatterns: ['/node_modules/', `^${escaped(join(__dirname, '..') + sep)}`],
  resolver: own('resolver.js'),
  moduleFileExtensions: ['js', 'mjs', 'cjs', 'jsx', 'ts', 'mts', 'cts', 'tsx', 'json', 'node'],
  extensionsToTreatAsEsm: runsEsModules() ? ['.ts', '.tsx', '.jsx'] : [],
  testTimeout: TEST_TIMEOUT_MS,
};

/** Returns true if the service has ES modules and Node has the flag with which jest runs them. Otherwise they are compiled to CommonJS. */
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
