/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

const config: Config = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript', decorators: true }, target: 'es2022' } },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/lib/'],
  testTimeout: 180_000,
  // Most tests wait for processes, so two workers are faster than one, also on two cores.
  maxWorkers: 2,
  testSequencer: '<rootDir>/test/helpers/long-files-first.js',
  globalSetup: '<rootDir>/test/helpers/global-setup.ts',
};

export default config;
