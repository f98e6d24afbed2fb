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
const STAGES = [
  '../server/*',
  '../fetch/*',
  '../history/*',
  '../bundle/*',
  '../replay/*',
  '../verdict/*',
  '../diagnosis/*',
  '../baseline/*',
  '../changed-since/*',
];
const stagesBut = (...kept) => STAGES.filter((stage) => !kept.some((name) => stage === `../${name}/*`));
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
    ignores: ['src/cli/**', 'src/replay/worker-main.ts', 'src/test-worker/main.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'exit', message: 'Only the CLI ends the process.' },
        { object: 'process', property: 'stdout', message: 'Only the CLI writes.' },
      ],
    },
  },
  forbid(['src/*.ts', 'src/options/**'], [...others(), ...ENTRIES], KEPT),
  forbid(['src/cli/**'], others('yargs'), KEPT),
  forbid(['src/server/**'], [...others('testing'), ...ENTRIES, ...stagesBut('server')], KEPT),
  forbid(['src/fetch/**'], [...others('limit'), ...ENTRIES, ...stagesBut('fetch', 'history')], KEPT),
  forbid(['src/history/**'], [...others(), ...ENTRIES, ...stagesBut('history')], KEPT),
  forbid(['src/bundle/**'], [...others('worker'), ...ENTRIES, ...stagesBut('bundle')], KEPT),
  // The replay process joins history and verdict: they meet nowhere else.
  forbid(
    ['src/replay/**'],
    [...others('worker'), ...ENTRIES, ...stagesBut('replay', 'history', 'verdict')],
    KEPT,
  ),
  forbid(['src/verdict/**'], [...others(), ...ENTRIES, ...stagesBut('verdict')], KEPT),
  forbid(['src/diagnosis/**'], [...others(), ...ENTRIES, ...stagesBut('diagnosis')], KEPT),
  forbid(
    ['src/report/**'],
    [...others(), '**/cli/*', ...STAGES.map((stage) => stage.replace('..', '**'))],
    KEPT,
  ),
  forbid(['src/baseline/**'], [...others(), ...ENTRIES, ...stagesBut('baseline')], KEPT),
  forbid(['src/changed-since/**'], [...others(), ...ENTRIES, ...stagesBut('changed-since')], KEPT),
  forbid(['src/watch/**'], [...others(), ...ENTRIES, ...stagesBut('replay', 'bundle')], KEPT),
  forbid(['src/events/**'], ['../*'], 'What several stages read out of an event depends on none of them.'),
  forbid(['src/init/**'], [...others(), ...ENTRIES, ...STAGES, '../events/*'], KEPT),
  // A test worker is a process like the replay process: it joins server, bundle, replay and diagnosis.
  forbid(['src/test-worker/**'], [...others('worker'), ...ENTRIES, '../fetch/*', '../testing/*'], KEPT),
  forbid(['src/test-session/**'], [...others(), ...ENTRIES, ...STAGES, '../testing/*'], KEPT),
  // It runs in the test's process, where loading the worker package would cost each test file 0.3 s.
  forbid(
    ['src/testing/**'],
    [...others(), '**/cli/*', '../server/*', '../bundle/*', '../replay/*', '../verdict/*', '../diagnosis/*'],
    KEPT,
  ),
  // What jest and vitest share, and then what is of one of them.
  forbid(['src/test-runner/**'], [...others(), ...ENTRIES, ...STAGES], KEPT),
  forbid(
    ['src/jest/**', 'src/vitest/**'],
    [...others(), ...ENTRIES, ...STAGES, '../testing/environment'],
    KEPT,
  ),
  forbid(['src/coverage/**'], [...others(), ...ENTRIES, ...stagesBut('diagnosis')], KEPT),
  forbid(['src/sdk/**'], [...others(), ...ENTRIES, ...STAGES], KEPT),
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
