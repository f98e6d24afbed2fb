import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, replay, scratchDirectory } from './helpers/replay-cli';

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const commands = [...README.matchAll(/```(sh|yaml)\n([\s\S]*?)```/g)].flatMap(([, kind, text]) =>
  kind === 'sh'
    ? text!.trim().split('\n')
    : [...text!.matchAll(/- run: (.*)/g)].map(([, command]) => command!),
);

/** File that runs each command of the README. */
const RUN_BY: Readonly<Record<string, string>> = {
  'npm ci && npm run demo': 'test/e2e/demo.test.ts',
  'npm ci && npm test': '.ci/run',
  'npm install --save-dev temporal-replay': 'test/package/tarball.test.ts',
  'npx replay doctor': 'test/e2e/doctor.test.ts',
  'npm ci': '.ci/run',
  [`npx replay fetch --query 'WorkflowType="processOrder"' --limit-per-type 20`]: 'test/e2e/fetch.test.ts',
  'npx replay run --workflows-path src/workflows.ts': 'test/package/tarball.test.ts',
  'npx replay init': 'test/e2e/init.test.ts',
  'mkdir -p .gitlab && cp node_modules/temporal-replay/templates/gitlab-ci.yml .gitlab/temporal-replay.yml':
    'test/init/plan.test.ts',
  'npx --no-install replay run --workflows-path src/workflows.ts --reporter pretty --reporter junit=junit.xml --reporter html=replay.html':
    'test/report/reporters/reporters.test.ts',
};

describe('README.md', () => {
  it('has only commands that a test or CI runs', () => {
    expect(commands.filter((command) => !(command in RUN_BY))).toEqual([]);
    expect(Object.values(RUN_BY).filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  it('shows a library call and a config that work', async () => {
    const example = README.match(/```ts\nimport \{ loadHistories[\s\S]*?```/)![0];
    const script = join(scratchDirectory(), 'script.cjs');
    const { writeFileSync } = await import('node:fs');
    const { execFileSync } = await import('node:child_process');
    const body = example
      .replace(/```(ts)?/g, '')
      .replace(/import (\{.*\}) from 'temporal-replay';/, `const $1 = require('${ROOT}/lib/index.js');`)
      .replace("'src/workflows.ts'", "'examples/order-service/src/workflows/index.ts'");
    writeFileSync(
      script,
      `(async () => {${body}\nconsole.log(JSON.stringify(summary), results.length);})();`,
    );

    const output = execFileSync(process.execPath, [script], { cwd: ROOT, encoding: 'utf8' });

    expect(output).toContain('"incompatible":0');
  });

  it('names only options of the CLI', async () => {
    const helps = await Promise.all(['run', 'show'].map((command) => replay([command, '--help'])));
    const stdout = helps.map((help) => help.stdout).join('');
    const named = [...README.matchAll(/`(--[a-z-]+)/g)].map((match) => match[1]!);

    expect(named.filter((option) => !stdout.includes(option) && option !== '--limit-per-type')).toEqual([]);
  });
});
