import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** What a folder of src/ may not import; type imports are free. Dependencies point from the entries down to the model. */
const forbid = (files, groups, message) => ({
  files,
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      { patterns: [{ group: groups, message, allowTypeImports: true }] },
    ],
  },
});

const ONE_PLACE = {
  yargs: ['yargs', 'yargs/*'],
  limit: ['p-limit'],
  testing: ['@temporalio/testing'],
  worker: ['@temporalio/worker', '@temporalio/worker/*'],
};
const others = (...kept) =>
  Object.entries(ONE_PLACE).flatMap(([name, ids]) => (kept.includes(name) ? [] : ids));
const ENTRIES = ['**/cli/*', '**/report/*'];
const KEPT = 'This package is imported in one folder only (see docs/architecture.md).';

export default tseslint.config(
  {
    ignores: [
      'lib/',
      'node_modules/',
      'test/scratch/',
      'test/init/fixtures/',
      'histories/',
      'coverage/',
      'test/**/*.js',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.mts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-require-imports': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { varsIgnorePattern: '^_', argsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' },
      ],
      'prefer-const': ['error', { ignoreReadBeforeAssign: true }],
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
  {
    files: ['src/**/*.ts', 'src/**/*.mts'],
    ignores: ['src/cli/**', 'src/replay/pool/worker-main.ts', 'src/testing/worker/main.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'exit', message: 'Only the CLI ends the process.' },
        { object: 'process', property: 'stdout', message: 'Only the CLI writes.' },
      ],
    },
  },
  forbid(['src/*.ts', 'src/options/**', 'src/run/**', 'src/gate/**'], [...others(), ...ENTRIES], KEPT),
  forbid(['src/cli/**'], others('yargs'), KEPT),
  forbid(['src/server/**'], [...others('testing'), ...ENTRIES], KEPT),
  forbid(['src/fetch/**'], [...others('limit'), ...ENTRIES], KEPT),
  forbid(
    ['src/bundle/**', 'src/replay/**', 'src/testing/worker/**'],
    [...others('worker'), ...ENTRIES],
    KEPT,
  ),
  forbid(['src/report/**'], [...others(), '**/cli/*'], KEPT),
  forbid(
    ['src/testing/**', 'src/jest/**', 'src/vitest/**'],
    others('worker'),
    'It runs in the test, where loading the worker package would cost each test file 0.3 s.',
  ),
  forbid(['src/util/**'], ['../*'], 'Helpers know nothing of the rest.'),
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: {
      globals: {
        module: 'writable',
        process: 'readonly',
        console: 'readonly',
        performance: 'readonly',
        setTimeout: 'readonly',
      },
    },
  },
);
