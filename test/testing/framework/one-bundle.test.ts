/** However many files and processes a run of tests has, the service's code is bundled once. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JEST, runSuite, VITEST, writeService } from '../../helpers/test-service';

const FILES = {
  'workflows.js': `exports.greets = async () => 'hello';\n`,
  // A hook keeps the cache on disk out of it, and tells of each build.
  'replay.config.cjs': `const { appendFileSync } = require('node:fs');
module.exports = {
  workflowsPath: 'workflows.js',
  bundlerOptions: {
    webpackConfigHook(config) {
      appendFileSync(require('node:path').join(__dirname, 'builds.txt'), 'built ');
      return config;
    },
  },
};
`,
};
const GREETS = `it('greets', async () => {
  const env = await createTestEnvironment();
  expect(await env.execute('greets')).toBe('hello');
  console.log('ran in ' + process.pid + '.');
});
`;
const inJest = `const { createTestEnvironment } = require('temporal-replay/testing');\n${GREETS}`;
const inVitest = `import { expect, it } from 'vitest';
import { createTestEnvironment } from 'temporal-replay/testing';
${GREETS}`;

it.each([
  [
    'jest',
    [JEST, '--maxWorkers=2'],
    {
      'package.json': '{ "name": "service", "private": true }',
      'jest.config.js': `module.exports = { preset: 'temporal-replay' };\n`,
      ...{ 'a.test.js': inJest, 'b.test.js': inJest, 'c.test.js': inJest },
    },
  ],
  [
    'vitest',
    [VITEST, 'run', '--pool=forks', '--maxWorkers=2'],
    {
      'package.json': '{ "name": "service", "private": true, "type": "module" }',
      'workflows.js': `export const greets = async () => 'hello';\n`,
      'vitest.config.mjs': `import { temporalReplay } from 'temporal-replay/vitest';\nexport default { plugins: [temporalReplay()] };\n`,
      ...{ 'a.test.mjs': inVitest, 'b.test.mjs': inVitest, 'c.test.mjs': inVitest },
    },
  ],
] as const)('under %s', async (_, command, files) => {
  const service = writeService({ ...FILES, ...files });

  const { output } = await runSuite(service, [...command]);

  expect(output).toMatch(/Tests:? +3 passed/);
  expect(new Set(output.match(/ran in \d+\./g)).size).toBeGreaterThan(1);
  expect(readFileSync(join(service, 'builds.txt'), 'utf8')).toBe('built ');
});
