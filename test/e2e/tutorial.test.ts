/** Follows docs/tutorial.md step by step: writes its files, runs its commands, and runs the action for each push. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { runAction } from '../ci/run-action';
import { ROOT, scratchDirectory } from '../helpers/replay-cli';

const TEXT = readFileSync(join(ROOT, 'docs/tutorial.md'), 'utf8');
/** Address in the text that stands for the reader's own repository. */
const ADDRESS = 'https://github.com/you/orders.git';
/** The first line of a file's text, which names the file. A remark may follow the name. */
const FILE_NAME = /^(?:\/\/|#) (\S+?)(,.*)?\n/;

interface Block {
  kind: string;
  text: string;
}

/** Blocks of code below each heading, by the number of the section. */
const SECTIONS = TEXT.split(/^## /m).map((section): Block[] =>
  [...section.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, kind, text]) => ({
    kind: kind!,
    text: text!,
  })),
);

/** Directory that the reader is in. */
let cwd = scratchDirectory();
const remote = join(mkdtempSync(join(tmpdir(), 'tutorial-')), 'orders.git');
/** Text that the commands of a section print. */
let output: string;

const AUTHOR = { name: 'Reader', email: 'reader@example.com' };
const env = {
  ...process.env,
  ...{ CI: '', NO_COLOR: '1', FORCE_COLOR: '0', JEST_WORKER_ID: '' },
  ...{ GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
  ...{ GIT_AUTHOR_NAME: AUTHOR.name, GIT_AUTHOR_EMAIL: AUTHOR.email },
  ...{ GIT_COMMITTER_NAME: AUTHOR.name, GIT_COMMITTER_EMAIL: AUTHOR.email },
};

/** Does what a section asks for: writes files and runs commands, in order. */
function follow(section: number): void {
  output = '';
  for (const { kind, text } of SECTIONS[section]!) {
    const [line, file, remark] = FILE_NAME.exec(text) ?? [];
    if (kind === 'sh') text.trim().split('\n').forEach(runCommand);
    else if (file === undefined) expect(output).toContain(text.trim());
    else if (remark !== undefined)
      expect(readFileSync(join(cwd, file), 'utf8')).toBe(text.slice(line!.length));
    else {
      mkdirSync(dirname(join(cwd, file)), { recursive: true });
      writeFileSync(join(cwd, file), text.slice(line!.length));
    }
  }
}

/** Runs a command of the text. Packages are linked instead of installed, which `test/package/tarball.test.ts` tests. */
function runCommand(command: string): void {
  const [, directory] = /^cd (.*)/.exec(command) ?? [];
  if (directory !== undefined) cwd = join(cwd, directory);
  else if (command.startsWith('npm install')) linkPackages();
  else {
    const { status, stdout, stderr } = spawnSync('bash', ['-c', command.replace(ADDRESS, remote)], {
      cwd,
      env,
      encoding: 'utf8',
    });
    output += stdout + stderr;
    if (status !== 0) throw new Error(`${command}: ${status}\n${stdout}${stderr}`);
  }
}

function linkPackages(): void {
  const modules = join(cwd, 'node_modules');
  mkdirSync(join(modules, '.bin'), { recursive: true });
  writeFileSync(join(cwd, 'package-lock.json'), '{ "lockfileVersion": 3, "packages": {} }\n');
  for (const [path, target] of [
    ['temporal-replay', ROOT],
    ['.bin/replay', join(ROOT, 'lib/cli/main.js')],
    ['.bin/jest', join(ROOT, 'node_modules/jest/bin/jest.js')],
  ])
    spawnSync('ln', ['-sfn', target!, join(modules, path!)]);
}

/** Runs the job of the pushed commit. Returns its log and exit code. */
function runJob(): { code: number | null; log: string } {
  const workflow = parse(readFileSync(join(cwd, '.github/workflows/replay.yml'), 'utf8')) as {
    jobs: { replay: { steps: { uses?: string; with?: Record<string, unknown> }[] } };
  };
  const step = workflow.jobs.replay.steps.at(-1)!;
  const checkout = scratchDirectory();
  execFileSync('git', ['clone', '--quiet', '--branch', branch(), remote, checkout], { env });
  mkdirSync(join(checkout, 'node_modules/.bin'), { recursive: true });
  symlinkSync(ROOT, join(checkout, 'node_modules/temporal-replay'), 'junction');
  symlinkSync(join(ROOT, 'lib/cli/main.js'), join(checkout, 'node_modules/.bin/replay'));
  const inputs = Object.entries(step.with ?? {}).map(([name, value]) => [name, String(value)]);
  const job = runAction(checkout, Object.fromEntries(inputs) as Record<string, string>);
  expect(step.uses).toBe('./node_modules/temporal-replay');
  return { code: job.codes['Pass the verdict on'] ?? null, log: job.log };
}

const branch = (): string =>
  execFileSync('git', ['branch', '--show-current'], { cwd, env, encoding: 'utf8' }).trim();

describe('docs/tutorial.md', () => {
  it('leads from nothing to a red and then a green pull request', () => {
    execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', remote], { env });

    follow(1);
    follow(2);
    const written = readFileSync(join(cwd, '.github/workflows/replay.yml'), 'utf8');
    follow(3);
    const adapted = readFileSync(join(cwd, '.github/workflows/replay.yml'), 'utf8');
    const onMain = runJob();
    const [, , , , red, green] = SECTIONS;
    // The last block of this section is a line of the job's log.
    SECTIONS[4] = red!.slice(0, -1);
    follow(4);
    const broken = runJob();
    follow(5);
    const repaired = runJob();

    expect(codeOf(adapted).filter((line) => !codeOf(written).includes(line))).toEqual([
      '  pull-requests: write',
      '          comment: true',
    ]);
    expect(onMain.code).toBe(0);
    expect(broken.code).toBe(1);
    expect(broken.log).toContain(red!.at(-1)!.text.trim());
    expect(repaired.code).toBe(0);
    expect(green!.length).toBeGreaterThan(1);
  }, 240_000);

  it('ends with a name that the CLI explains', () => {
    const [, name] = /`npx replay explain (\w+)`/.exec(TEXT)!;

    const { status, stdout } = spawnSync(
      process.execPath,
      [join(ROOT, 'lib/cli/main.js'), 'explain', name!],
      { encoding: 'utf8' },
    );

    expect([status, stdout.split('\n')[0]]).toEqual([0, `${name} (verdict)`]);
  });
});

/** Returns the lines of a YAML file that are not comments. */
const codeOf = (text: string): string[] => text.split('\n').filter((line) => !/^ *#/.test(line));
