import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DiagnosedReport } from '../../../src/model/report';
import { commitAll, git, initRepository } from '../../helpers/git-repository';
import { type CliRun, ROOT, replay, scratchDirectory, writeEdited } from '../../helpers/replay-cli';
import { soon } from '../../helpers/soon';

const SMALL = join(ROOT, 'test/services/small');
/** Directory outside of this repository, so that code in it finds no packages. */
const TEMPORARY = mkdtempSync(join(tmpdir(), 'changed-since-test-'));
afterAll(() => rmSync(TEMPORARY, { recursive: true, force: true }));

type Edits = readonly (readonly [string, string])[];
const MANY: Edits = [['await act(i);', 'await act2(i);']];
const WAITING: Edits = [
  ["await act(1);\n  await wf.sleep('1h');", "await act2(1);\n  await wf.sleep('1h');"],
];
const PATCHY: Edits = [['await wf.sleep(5);\n}', 'await wf.sleep(5);\n  await act(2);\n}']];

function writeCode(repository: string, ...edits: Edits[]): void {
  writeEdited(join(SMALL, 'workflows.ts'), join(repository, 'src/workflows.ts'), edits.flat());
}

/** Creates a repository with the small service's histories, whose first commit on main has these edits of its code. */
function repositoryWith(...edits: Edits[]): string {
  const repository = scratchDirectory();
  initRepository(repository);
  cpSync(join(SMALL, 'histories'), join(repository, 'histories'), { recursive: true });
  writeFileSync(join(repository, '.gitignore'), 'node_modules/\n');
  writeCode(repository, ...edits);
  commitAll(repository, 'first');
  return repository;
}

const stateOf = (repository: string): string[] =>
  [['status', '--porcelain'], ['worktree', 'list'], ['for-each-ref'], ['stash', 'list']].map((args) =>
    git(repository, ...args),
  );

function cli(repository: string, ...args: string[]): CliRun {
  return replay(['run', '--workflows-path', 'src/workflows.ts', ...args], {
    cwd: repository,
    env: { TMPDIR: TEMPORARY },
  });
}

/** Returns the library's report of a repository's histories since a ref. */
function reportSince(repository: string, ref: string): DiagnosedReport {
  const script = `
    const { loadHistories, replayHistories } = require(${JSON.stringify(join(ROOT, 'lib/index.js'))});
    const options = { workflowsPath: 'src/workflows.ts', changedSince: ${JSON.stringify(ref)} };
    replayHistories({ ...options, histories: loadHistories({ paths: ['histories'] }) })
      .then((report) => console.log(JSON.stringify(report)));`;
  const env = { ...process.env, TMPDIR: TEMPORARY };
  return JSON.parse(
    execFileSync(process.execPath, ['-e', script], { cwd: repository, env, encoding: 'utf8' }),
  ) as DiagnosedReport;
}

describe('--changed-since', () => {
  it('marks what this branch broke and what failed at its merge base, whatever the ref got since', () => {
    const repository = repositoryWith(MANY);
    git(repository, 'switch', '--quiet', '--create', 'feature');
    git(repository, 'switch', '--quiet', 'main');
    writeCode(repository, MANY, PATCHY);
    commitAll(repository, 'main breaks what the branch breaks too');
    git(repository, 'switch', '--quiet', 'feature');
    writeCode(repository, MANY, WAITING);
    commitAll(repository, 'the branch breaks one');
    // Changes that are not committed are part of the current code.
    writeCode(repository, MANY, WAITING, PATCHY);
    const before = stateOf(repository);

    const report = reportSince(repository, 'main');

    const marks = Object.fromEntries(
      report.results.map(({ workflowId, existedBefore }) => [workflowId!, existedBefore]),
    );
    expect(marks).toEqual({ m3: true, m22: true, w1: false, p1: false });
    expect(report.changedSince).toEqual({
      ref: 'main',
      commit: git(repository, 'merge-base', 'main', 'feature').trim(),
      problem: null,
    });
    expect(stateOf(repository)).toEqual(before);
    expect(readdirSync(TEMPORARY)).toEqual([]);
  });

  it('leaves the exit code as it is, and shows on the terminal how many failures are new', async () => {
    const repository = repositoryWith(MANY);

    const run = await cli(repository, '--changed-since', 'HEAD');

    expect(run.stderr).toBe('');
    expect(run.code).toBe(1);
    const commit = git(repository, 'rev-parse', '--short=12', 'HEAD').trim();
    expect(run.stdout).toContain(`Since ${commit}, where this branch left HEAD: none new, 2 there before`);
  });

  it('takes the packages of the repository’s own workspace from the ref', () => {
    const repository = repositoryWith();
    const shared = (activity: string): void => {
      mkdirSync(join(repository, 'packages/shared'), { recursive: true });
      writeFileSync(
        join(repository, 'packages/shared/package.json'),
        '{"name":"@acme/shared","main":"index.ts"}',
      );
      writeFileSync(
        join(repository, 'packages/shared/index.ts'),
        `export const name: 'act' = '${activity}' as 'act';`,
      );
    };
    shared('act');
    mkdirSync(join(repository, 'node_modules/@acme'), { recursive: true });
    symlinkSync('../../packages/shared', join(repository, 'node_modules/@acme/shared'));
    writeCode(repository, [
      [
        "import * as wf from '@temporalio/workflow';",
        "import * as wf from '@temporalio/workflow';\nimport { name } from '@acme/shared';",
      ],
      ['const { act, act2 } = wf.', 'const acts = wf.'],
      [
        "startToCloseTimeout: '1m' });\nconst { la }",
        "startToCloseTimeout: '1m' });\nconst { act2 } = acts;\nconst act = acts[name];\nconst { la }",
      ],
    ]);
    commitAll(repository, 'workspace');
    shared('act2');

    const { summary, results } = reportSince(repository, 'HEAD');

    expect(summary.incompatible).toBeGreaterThan(0);
    expect(results.filter(({ existedBefore }) => existedBefore)).toEqual([]);
  });

  it('takes a module of the worker that the ref lacks as it is now, with the code of the ref', async () => {
    const repository = repositoryWith(MANY);
    writeFileSync(
      join(repository, 'worker-options.ts'),
      'export const workerOptions = { workflowsPath: `${__dirname}/src/workflows.ts` };',
    );

    const run = await replay(['run', '--worker', 'worker-options.ts', '--changed-since', 'HEAD'], {
      cwd: repository,
      env: { TMPDIR: TEMPORARY },
    });

    expect(run.stdout).toContain('none new, 2 there before');
  });

  it.each([
    ['has no such code', (code: string) => rmSync(code), 'there is no workflow code of src/workflows.ts'],
    [
      'has code that does not build',
      (code: string) => writeFileSync(code, 'export async funct x() {}'),
      'the code does not build',
    ],
  ])('counts failures as new if the ref %s, and says so', async (_, damage, message) => {
    const repository = repositoryWith();
    damage(join(repository, 'src/workflows.ts'));
    commitAll(repository, 'damaged');
    writeCode(repository, MANY);

    const run = await cli(repository, '--changed-since', 'HEAD');

    expect(run.code).toBe(1);
    expect(run.stderr).toContain(message);
    expect(run.stderr).not.toContain(TEMPORARY);
    expect(run.stdout).toContain('2 new, 0 there before');
  });

  it('leaves neither files nor changes of the repository behind on Ctrl-C', async () => {
    const repository = repositoryWith([['await act(i);', 'for (;;);']]);
    writeCode(repository, MANY);
    const before = stateOf(repository);

    // Only the signal ends the endless loop of the earlier code.
    const run = cli(repository, '--changed-since', 'HEAD', '--timeout', '1h');
    const hasBundle = (directory: string): boolean =>
      existsSync(directory) && readdirSync(directory).length > 0;
    const bundles = (): string[] => readdirSync(TEMPORARY).map((name) => join(TEMPORARY, name, 'bundles'));
    await soon(() => expect(bundles().some(hasBundle)).toBe(true));
    run.child.kill('SIGINT');
    const { code, stdout } = await run;

    expect(code).toBe(130);
    expect(stdout).toContain('2 incompatible');
    // jiti keeps the worker modules that it has compiled for earlier tests.
    expect(readdirSync(TEMPORARY).filter((name) => name !== 'jiti')).toEqual([]);
    expect(stateOf(repository)).toEqual(before);
  });
});

describe('--changed-since without anything to compare with', () => {
  it('reports a ref that does not exist', async () => {
    const run = await cli(repositoryWith(), '--changed-since', 'origin/nowhere');

    expect(run.code).toBe(2);
    expect(run.stderr).toContain('There is no commit "origin/nowhere"');
    expect(run.stderr).toContain('git fetch origin main');
  });

  it('never passes a ref to git as an option, and refuses an empty one', async () => {
    const repository = repositoryWith();

    const runs = await Promise.all(
      ['--changed-since=--help', '--changed-since='].map((flag) => cli(repository, flag)),
    );

    expect(runs.map(({ code }) => code)).toEqual([2, 2]);
    expect(runs.map(({ stderr }) => stderr)).toEqual([
      expect.stringContaining('There is no commit "--help"'),
      expect.stringContaining('--changed-since has no valid value.'),
    ]);
  });

  it('explains how to complete a shallow clone', async () => {
    const origin = repositoryWith();
    git(origin, 'switch', '--quiet', '--create', 'feature');
    writeCode(origin, MANY);
    commitAll(origin, 'feature');
    const clone = scratchDirectory();
    const url = pathToFileURL(origin).href;
    git(clone, 'clone', '--quiet', '--depth', '1', '--branch', 'feature', url, '.');
    git(clone, 'fetch', '--quiet', '--depth', '1', 'origin', 'main:refs/remotes/origin/main');

    const runs = await Promise.all(
      ['origin/main', 'origin/other'].map((ref) => cli(clone, '--changed-since', ref)),
    );

    for (const { code, stderr } of runs) {
      expect(code).toBe(2);
      expect(stderr).toContain('The clone is shallow');
      expect(stderr).toContain('fetch-depth: 0');
    }
    expect(runs[0]!.stderr).toContain('have no common ancestor in this repository. [GIT_HISTORY]');
  });

  it('reports a directory outside of a repository', async () => {
    const directory = mkdtempSync(join(TEMPORARY, 'plain-'));
    cpSync(SMALL, join(directory, 'src'), { recursive: true });

    const run = await cli(directory, 'src/histories', '--changed-since', 'main');
    rmSync(directory, { recursive: true });

    expect(run.code).toBe(2);
    expect(run.stderr).toContain('is not inside the working tree of a git repository. [GIT_REPOSITORY]');
  });
});
