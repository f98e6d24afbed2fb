module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/src/*.spec.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }] },
  collectCoverageFrom: ['src/*.ts', '!src/*.spec.ts'],
  coverageReporters: ['json', 'text'],
  testTimeout: 60_000,
};
