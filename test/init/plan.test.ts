/** Each folder of fixtures/ is a layout of real repositories, with its expected config. */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { type InitPlan, planInit } from '../../src/init/plan';
import { writePlan } from '../../src/init/write-plan';

const FIXTURES = join(__dirname, 'fixtures');
const layouts = readdirSync(FIXTURES).sort();

interface Expected {
  files: Record<string, string>;
  todos: string[];
  activitiesOnly: string[];
  next: string[];
}

let root: string;
beforeEach(() => {
  // Outside of this repository, whose own git and CI files would be found.
  root = realpathSync(mkdtempSync(join(tmpdir(), 'replay-init-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const copy = (layout: string): void =>
  cpSync(join(FIXTURES, layout, 'repository'), root, { recursive: true });
const copyTo = (layout: string, folder: string): void =>
  cpSync(join(FIXTURES, layout, 'repository'), join(root, folder), { recursive: true });
const plan = (force = false): Promise<InitPlan> => planInit({ root, force });

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

const configOf = ({ files }: InitPlan): string | null | undefined =>
  files.find(({ path }) => path.startsWith('replay.config.'))?.content;
const actionsOf = ({ files }: InitPlan): Record<string, string> =>
  Object.fromEntries(files.map(({ path, action }) => [path, action]));
const contentOf = ({ files }: InitPlan, path: string): string =>
  files.find((file) => file.path === path)!.content!;

describe.each(layouts)('the layout %s', (layout) => {
  it('gets its config, its files and the next commands', async () => {
    copy(layout);
    const expected = JSON.parse(readFileSync(join(FIXTURES, layout, 'expected.json'), 'utf8')) as Expected;

    const found = await plan();

    expect(configOf(found)).toBe(readFileSync(join(FIXTURES, layout, 'expected-config.txt'), 'utf8'));
    expect({
      files: actionsOf(found),
      todos: found.todos.map(({ place, option }) => `${place.file}:${place.line} ${option}`),
      activitiesOnly: found.activitiesOnly.map(({ file, line }) => `${file}:${line}`),
      next: found.next,
    }).toEqual(expected);
  });
});

describe('an existing file', () => {
  it('is kept while the others are written', async () => {
    copy('cjs-ts');
    write({ 'replay.config.ts': 'export default {};\n' });

    const found = await plan();
    await writePlan(found, root);

    expect(actionsOf(found)).toMatchObject({ 'replay.config.ts': 'keep', 'package.json': 'change' });
    expect(readFileSync(join(root, 'replay.config.ts'), 'utf8')).toBe('export default {};\n');
    expect(readFileSync(join(root, '.github/workflows/replay.yml'), 'utf8')).toContain(
      'uses: ./node_modules',
    );
  });

  it('is replaced with force', async () => {
    copy('cjs-ts');
    write({ 'replay.config.ts': 'export default {};\n' });

    await writePlan(await plan(true), root);

    expect(readFileSync(join(root, 'replay.config.ts'), 'utf8')).toContain(
      "workflowsPath: 'src/workflows.ts'",
    );
  });

  it('is left alone if it has the planned content', async () => {
    copy('pnpm-workspaces');
    await writePlan(await plan(), root);

    const again = await plan(true);

    expect(new Set(Object.values(actionsOf(again)))).toEqual(new Set(['same']));
    expect(await writePlan(again, root)).toEqual([]);
  });

  it('gets no second config beside one that would be read instead', async () => {
    copy('cjs-ts');
    write({ 'replay.config.json': '{}' });

    expect(actionsOf(await plan(true))).toMatchObject({ 'replay.config.json': 'keep' });
  });

  it('gets the lines for a .gitlab-ci.yml that has other jobs', async () => {
    copy('esm-ts');

    const { byHand, files } = await plan();

    expect(byHand.map(({ file }) => file)).toEqual(['.gitlab-ci.yml']);
    expect(byHand[0]!.text).toContain('- local: .gitlab/temporal-replay.yml');
    expect(files.map(({ path }) => path)).not.toContain('.gitlab-ci.yml');
  });
});

describe('a package inside a repository', () => {
  it('gets a CI workflow at the top of the repository that runs in the folder of the package', async () => {
    write({
      '.git/config': '[remote "origin"]\n\turl = git@github.com:acme/shop.git\n',
      'package-lock.json': '{}',
    });
    write({ '.git/refs/remotes/origin/HEAD': 'ref: refs/remotes/origin/trunk\n' });
    cpSync(join(FIXTURES, 'js-cjs/repository'), join(root, 'services/invoices'), { recursive: true });

    const found = await planInit({ root: join(root, 'services/invoices'), force: false });

    const workflow = contentOf(found, '../../.github/workflows/replay.yml');
    expect(workflow).toContain('branches: [trunk]');
    expect(workflow).toContain('- uses: ./node_modules/temporal-replay\n');
    expect(workflow).toContain('working-directory: services/invoices\n');
  });
});

describe('the files for CI', () => {
  interface Workflow {
    jobs: { replay: { steps: { uses?: string; run?: string; with?: Record<string, unknown> }[] } };
  }

  it.each([
    ['cjs-ts', ['npm ci']],
    ['pnpm-workspaces', ['pnpm install --frozen-lockfile', 'pnpm run build']],
    ['dist-paths', ['bun install --frozen-lockfile']],
  ])('install the packages of %s and run its build', async (layout, commands) => {
    copy(layout);

    const found = await planInit({ root, force: false, ci: 'github' });

    const workflow = parse(contentOf(found, '.github/workflows/replay.yml')) as Workflow;
    const { steps } = workflow.jobs.replay;
    expect(steps.flatMap(({ run }) => run ?? [])).toEqual(commands);
    expect(steps.at(-1)).toEqual({ uses: './node_modules/temporal-replay' });
    expect(steps[0]).toEqual({ uses: 'actions/checkout@v6' });
  });

  it('include a pipeline on GitLab if there is none', async () => {
    copy('pnpm-workspaces');

    const found = await planInit({ root, force: false, ci: 'gitlab' });

    expect(parse(contentOf(found, '.gitlab-ci.yml'))).toEqual({
      include: [{ local: '.gitlab/temporal-replay.yml' }],
      'temporal-replay': {
        extends: '.temporal-replay',
        before_script: ['corepack enable', 'pnpm install --frozen-lockfile', 'pnpm run build'],
      },
    });
    expect(parse(contentOf(found, '.gitlab/temporal-replay.yml'))).toHaveProperty([
      '.temporal-replay',
      'script',
    ]);
  });
});

describe('a git repository', () => {
  it('is read without what git ignores', async () => {
    copy('js-cjs');
    cpSync(join(root, 'worker.js'), join(root, 'generated/worker.js'));
    cpSync(join(root, 'workflows'), join(root, 'generated/workflows'), { recursive: true });
    write({ '.gitignore': 'generated/\n' });
    execFileSync('git', ['init', '--quiet'], { cwd: root });

    const { projects } = await plan();

    expect(projects.map(({ workflowsPath }) => workflowsPath)).toEqual(['workflows/index.js']);
  });
});

it('planInit refuses an empty folder', async () => {
  await expect(plan()).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining(root) });
});

describe('a repository without a package.json at its root', () => {
  it('gets a config, a script and a CI job in each folder in which packages are installed', async () => {
    copyTo('js-cjs', 'services/invoices');
    copyTo('cjs-ts', 'services/greetings');
    rmSync(join(root, 'services/greetings/package-lock.json'));
    copyTo('pnpm-workspaces', 'backend');
    write({ 'docs/package.json': '{}', 'main.go': '', '.git/HEAD': '', '.github/CODEOWNERS': '' });

    const found = await plan();
    await writePlan(found, root);

    expect(found.projects.map(({ codePath }) => codePath)).toEqual([
      'backend/services/billing/src/workflows/index.ts',
      'backend/services/orders/src/workflows.ts',
      'services/greetings/src/workflows.ts',
      'services/invoices/workflows/index.js',
    ]);
    expect(Object.keys(actionsOf(found)).sort()).toEqual(
      [
        ...['backend', 'greetings', 'invoices'].map((name) => `.github/workflows/replay-${name}.yml`),
        ...['backend', 'services/greetings', 'services/invoices'].flatMap((dir) => [
          `${dir}/histories/.gitattributes`,
          `${dir}/package.json`,
          `${dir}/replay.config.${dir.endsWith('invoices') ? 'js' : 'ts'}`,
        ]),
      ].sort(),
    );
    expect(readFileSync(join(root, 'services/invoices/replay.config.js'), 'utf8')).toContain(
      "workflowsPath: 'workflows/index.js'",
    );
    expect(found.next).toContain('(cd services/invoices && npm run replay)');
  });

  it('takes no lockfile for a package', async () => {
    copyTo('cjs-ts', 'samples/greetings');
    write({ 'samples/package-lock.json': '{}' });

    const { files } = await plan();

    expect(files.map(({ path }) => path)).toContain('samples/greetings/package.json');
  });

  it('gets one job for each folder on GitLab', async () => {
    copyTo('js-cjs', 'invoices');
    copyTo('cjs-ts', 'greetings');
    write({ '.git/HEAD': '' });

    const found = await planInit({ root, force: false, ci: 'gitlab' });
    await writePlan(found, root);

    expect(parse(readFileSync(join(root, '.gitlab-ci.yml'), 'utf8'))).toMatchObject({
      include: [{ local: '.gitlab/temporal-replay.yml' }],
      'temporal-replay-greetings': { variables: { REPLAY_DIRECTORY: 'greetings' } },
      'temporal-replay-invoices': { variables: { REPLAY_DIRECTORY: 'invoices' } },
    });
  });
});

describe('a repository without workflow code', () => {
  it('is refused', async () => {
    write({ 'package.json': '{}' });

    await expect(plan()).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('No worker was found'),
    });
  });

  it('is refused with the place of a worker that has activities only', async () => {
    write({
      'package.json': '{}',
      'worker.js': "const { Worker } = require('@temporalio/worker');\nWorker.create({ activities: {} });\n",
    });

    await expect(plan()).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('worker.js:2'),
    });
  });

  it('is planned with the place to fill in if a worker has workflows that cannot be found', async () => {
    write({
      'package.json': '{}',
      'worker.js':
        "const { Worker } = require('@temporalio/worker');\nWorker.create({ workflowsPath: process.env.WORKFLOWS });\n",
    });

    expect(configOf(await plan())).toContain("// workflowsPath: 'src/workflows.ts',");
  });
});

describe('the names of projects whose workers share a task queue', () => {
  it('are numbered where no part of a path tells them apart', async () => {
    const paths = ['x/x', 'x/y', 'y/x', 'y/y'];
    write(Object.fromEntries(paths.map((path) => [`src/${path}/workflows.ts`, ''])));
    write({
      'package.json': '{}',
      'src/worker.ts': `import { Worker } from '@temporalio/worker';
        ${paths.map((path) => `void Worker.create({ taskQueue: 'q', workflowsPath: require.resolve('./${path}/workflows') });`).join('\n')}`,
    });

    const { projects } = await plan();

    expect(projects.map(({ name }) => name)).toEqual(['q', 'q-2', 'q-3', 'q-4']);
  });

  const worker = (workflowsPath: string): string =>
    [
      "import { Worker } from '@temporalio/worker';",
      `void Worker.create({ taskQueue: 'q', workflowsPath: require.resolve('${workflowsPath}') });`,
    ].join('\n');
  const WORKFLOWS = 'export async function pay() {}\n';
  const namesIn = (found: InitPlan): string[] =>
    [...configOf(found)!.matchAll(/name: '(.*?)'/g)].map(([, name]) => name!);

  it('are those of their packages', async () => {
    for (const name of ['billing', 'shipping'])
      write({
        [`packages/${name}/package.json`]: JSON.stringify({ name: `@shop/${name}-service` }),
        [`packages/${name}/src/worker.ts`]: worker('./workflows'),
        [`packages/${name}/src/workflows.ts`]: WORKFLOWS,
      });
    write({ 'package.json': JSON.stringify({ name: 'shop', workspaces: ['packages/*'] }) });

    expect(namesIn(await plan())).toEqual(['q', 'shipping-service']);
  });

  it.each([
    ['folders in one package', 'src/billing/workflows.ts', 'src/shipping/workflows.ts', 'shipping'],
    ['files in one folder', 'src/billing.ts', 'src/shipping.workflows.ts', 'shipping'],
    ['a folder beside the only other one', 'src/workflows.ts', 'src/shipping/workflows/index.ts', 'shipping'],
    ['numbers where the paths say nothing', 'src/workflows.ts', 'worker/workflows.ts', 'q-2'],
  ])('are those of %s', async (_, first, second, name) => {
    write({
      'package.json': JSON.stringify({ name: 'shop' }),
      'a-worker.ts': worker(`./${first.replace(/\.ts$/, '')}`),
      'b-worker.ts': worker(`./${second.replace(/\.ts$/, '')}`),
      [first]: WORKFLOWS,
      [second]: WORKFLOWS,
    });

    expect(namesIn(await plan())).toEqual(['q', name]);
  });
});
