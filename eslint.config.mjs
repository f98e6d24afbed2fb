import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const ONLY_THE_CLI = [
  { object: 'process', property: 'exit', message: 'Only the CLI ends the process.' },
  { object: 'process', property: 'stdout', message: 'Only the CLI writes.' },
];
/** Only a screen writes to a standard stream: it makes text from elsewhere harmless. */
const ONLY_A_SCREEN = {
  selector: 'CallExpression[callee.property.name="write"][callee.object.object.name="process"]',
  message: 'Write to a screen (src/report/screen.ts), or with notify() in a test.',
};
const CLOCK = 'A test may have replaced it with a fake one. Use src/testing/time/clock.ts.';

export default tseslint.config(
  {
    ignores: [
      'lib/',
      'node_modules/',
      'test/scratch/',
      'test/init/fixtures/',
      'test/services/integrations/',
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
    ignores: ['src/cli/**', 'src/replay/pool/replay-process-main.ts', 'src/testing/worker/main.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': ['error', ...ONLY_THE_CLI],
    },
  },
  {
    files: ['src/**/*.ts', 'src/**/*.mts'],
    ignores: ['src/cli/terminal/screen.ts'],
    rules: { 'no-restricted-syntax': ['error', ONLY_A_SCREEN] },
  },
  {
    // These modules run in the process of a test, which may have replaced the global clocks.
    files: ['src/testing/**/*.ts', 'src/jest/setup.ts', 'src/vitest/setup.mts'],
    ignores: ['src/testing/time/clock.ts', 'src/testing/worker/!(test-worker-process).ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'],
        ...['queueMicrotask', 'performance'],
      ].map((name) => (name === 'error' ? name : { name, message: CLOCK })),
      'no-restricted-properties': [
        'error',
        ...ONLY_THE_CLI,
        { object: 'Date', property: 'now', message: CLOCK },
        { object: 'process', property: 'nextTick', message: CLOCK },
        { object: 'process', property: 'hrtime', message: CLOCK },
      ],
      'no-restricted-syntax': [
        'error',
        ONLY_A_SCREEN,
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: CLOCK },
      ],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: ['node:timers', 'node:timers/promises', 'node:perf_hooks'].map((name) => ({
            name,
            message: CLOCK,
          })),
        },
      ],
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs', '**/*.js'],
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
