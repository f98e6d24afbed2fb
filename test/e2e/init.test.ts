/** Tests `replay init` as a process, up to a replay with the files that it wrote. */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, replay, scratchDirectory } from '../helpers/replay-cli';

const OPTIONS = `
export const workerOptions = { taskQueue: 'q', workflowsPath: require.resolve('./workflows'), reuseV8Context: false };
`;
const WORKER = `
import { NativeConnection, Worker } from '@temporalio/worker';
import { workerOptions } from './worker-options';

async function main(): Promise<void> {
  const connection = await NativeConnection.connect();
  await (await Worker.create({ ...workerOptions, connection })).run();
}
void main();
`;

/** Writes a service on GitHub with the package installed, a module of worker options, and workflows that have real histories. */
function service(): string {
  const directory = scratchDirectory();
  cpSync(join(ROOT, 'test/init/fixtures/cjs-ts/repository'), directory, { recursive: true });
  cpSync(join(ROOT, 'test/services/small/workflows.ts'), join(directory, 'src/workflows.ts'));
  writeFileSync(join(directory, 'src/worker-options.ts'), OPTIONS);
  writeFileSync(join(directory, 'src/worker.ts'), WORKER);
  mkdirSync(join(directory, '.git'));
  mkdirSync(join(directory, 'node_modules'));
  symlinkSync(ROOT, join(directory, 'node_modules/temporal-replay'));
  return directory;
}

const WRITTEN = ['replay.config.ts', '.github/workflows/replay.yml', 'histories/.gitattributes'];

describe('replay init', () => {
  it('writes with --yes files that replay run works with, and nothing when it runs again', async () => {
    const cwd = service();

    const first = await replay(['init', '--yes'], { cwd });
    cpSync(join(ROOT, 'test/services/small/histories'), join(cwd, 'histories'), { recursive: true });
    const run = await replay(['run'], { cwd });
    const second = await replay(['init'], { cwd });

    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/\n {2}npx replay fetch .*\n {2}npm run replay\n$/);
    expect(WRITTEN.filter((path) => !existsSync(join(cwd, path)))).toEqual([]);
    expect(JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'))).toHaveProperty(
      'scripts.replay',
      'replay run',
    );
    expect(run.stdout).toContain('7 histories: 7 compatible');
    expect(run.code).toBe(0);
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(second.stdout).toContain('Nothing is left to write.');
  });

  it('writes nothing if there is no terminal to ask on', async () => {
    const cwd = service();
    const before = readFileSync(join(cwd, 'package.json'), 'utf8');

    const { code, stdout, stderr } = await replay(['init'], { cwd });

    expect(stdout).toContain("worker: 'src/worker-options.ts'");
    expect(stderr).toContain('replay init --yes');
    expect(code).toBe(2);
    expect(WRITTEN.filter((path) => existsSync(join(cwd, path)))).toEqual([]);
    expect(readFileSync(join(cwd, 'package.json'), 'utf8')).toBe(before);
  });

  it('runs without the SDK, and prints the install in the version that the service asks for', () => {
    // Outside of this repository, whose own SDK would be found.
    const directory = mkdtempSync(join(tmpdir(), 'replay-npx-'));
    const cwd = join(directory, 'service');
    cpSync(join(ROOT, 'test/init/fixtures/cjs-ts/repository'), cwd, { recursive: true });
    writeFileSync(join(cwd, 'package.json'), '{ "dependencies": { "@temporalio/worker": "1.23.0" } }');
    // npx installs the package with its dependencies, and without peers.
    const installed = join(directory, 'npx/temporal-replay');
    for (const file of ['lib', 'package.json', 'templates'])
      cpSync(join(ROOT, file), join(installed, file), { recursive: true });
    mkdirSync(join(installed, 'node_modules'));
    for (const name of readdirSync(join(ROOT, 'node_modules')).filter((one) => one !== '@temporalio'))
      symlinkSync(join(ROOT, 'node_modules', name), join(installed, 'node_modules', name));

    const main = join(installed, 'lib/cli/main.js');
    const output = execFileSync(process.execPath, [main, 'init', '--dry-run'], { cwd, encoding: 'utf8' });
    rmSync(directory, { recursive: true });

    expect(output).toContain(
      'Next\n  npm install --save-dev temporal-replay @temporalio/envconfig@1.23.0\n  npx replay fetch ',
    );
  });

  it('ends with exit code 2 and writes nothing if there is no worker', async () => {
    const cwd = scratchDirectory();
    writeFileSync(join(cwd, 'package.json'), '{}');

    const { code, stdout, stderr } = await replay(['init', '--yes'], { cwd });

    expect(stderr).toMatch(/^replay: No worker was found in .*\[USAGE\]\n/);
    expect(stdout).toBe('');
    expect(code).toBe(2);
    expect(readdirSync(cwd)).toEqual(['package.json']);
  });

  it('ends with exit code 2 if no workflow code of any worker can be found', async () => {
    const cwd = service();
    writeFileSync(
      join(cwd, 'src/worker.ts'),
      "import { Worker } from '@temporalio/worker';\nvoid Worker.create({ taskQueue: 'q', workflowsPath: process.env.FLOWS });\n",
    );
    rmSync(join(cwd, 'src/workflows.ts'));

    const { code, stdout, stderr } = await replay(['init', '--yes'], { cwd });

    expect(stdout).toContain('the path depends on the environment variable FLOWS');
    expect(stdout).toContain('Written: replay.config.ts');
    expect(stderr).toContain('The workflows of the worker of src/worker.ts:2 were not found.');
    expect(code).toBe(2);
  });

  it('shows with --dry-run a config that loads, in JavaScript where tsconfig would compile it', async () => {
    const cwd = service();
    writeFileSync(join(cwd, 'package.json'), '{ "name": "esm-js", "type": "module" }');
    writeFileSync(join(cwd, 'tsconfig.json'), '{ "compilerOptions": { "outDir": "dist" } }');

    const dry = await replay(['init', '--dry-run', '--ci', 'none'], { cwd });
    const shown = [...dry.stdout.matchAll(/^ {4}\+ ?(.*)$/gm)].map(([, line]) => line).join('\n');
    writeFileSync(join(cwd, 'replay.config.mjs'), shown.slice(0, shown.indexOf('});') + 3));
    const run = await replay(['run', join(ROOT, 'test/services/small/histories/p1.json')], { cwd });

    expect(dry.code).toBe(0);
    expect(dry.stdout).toContain('replay.config.mjs  new');
    expect(run.stdout).toContain('1 history: 1 compatible');
  });
});
