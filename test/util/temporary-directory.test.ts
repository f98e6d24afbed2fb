import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';

const MODULE = join(__dirname, '../../lib/util/temporary-directory.js');

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'sweep-'))));
afterEach(() => rmSync(directory, { recursive: true }));

/** Runs code that may use the module in a process of its own, whose temporary directory is that of the test. */
const run = (code: string): string =>
  execFileSync(process.execPath, ['-e', `(async () => { const t = require('${MODULE}'); ${code} })()`], {
    env: { ...process.env, TMPDIR: directory },
    encoding: 'utf8',
  });

const sweep = (): string => run('await t.sweepTemporaryDirectories();');

it('makeTemporaryDirectory creates a directory of this user alone, which the end of the process removes', () => {
  const [path, mode] = run(
    `const path = t.makeTemporaryDirectory('bundles');
     console.log(path + ' ' + (require('fs').statSync(path).mode & 0o777).toString(8));`,
  )
    .trim()
    .split(' ');

  expect(mode).toBe('700');
  expect(path!.startsWith(directory)).toBe(true);
  expect(existsSync(path!)).toBe(false);
});

it('sweepTemporaryDirectories removes what a killed process has left', () => {
  spawnSync(
    process.execPath,
    [
      '-e',
      `const t = require('${MODULE}');
       for (const purpose of ['changed-since', 'bundles', 'coverage', 'socket', 'cache']) {
         const path = t.makeTemporaryDirectory(purpose);
         require('fs').mkdirSync(path + '/deep/er', { recursive: true });
       }
       process.kill(process.pid, 'SIGKILL');`,
    ],
    { env: { ...process.env, TMPDIR: directory } },
  );
  const left = readdirSync(directory).length;

  sweep();

  expect(left).toBe(5);
  expect(readdirSync(directory)).toEqual([]);
});

it('sweepTemporaryDirectories leaves what a living process, another machine or another program has', () => {
  const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
  const target = join(directory, 'target');
  const kept = [
    'target',
    `replay-changed-since-${host}-${process.pid}-0123456789ab`,
    `replay-changed-since-00000000-999999-0123456789ab`,
    `other-${host}-999999999-0123456789ab`,
    `replay-changed-since-${host}-999999999-short`,
  ];
  for (const name of kept) mkdirSync(join(directory, name));
  const link = `replay-changed-since-${host}-999999999-0123456789ab`;
  symlinkSync(target, join(directory, link));

  sweep();

  expect(readdirSync(directory).sort()).toEqual([...kept, link].sort());
});

it('sweepTemporaryDirectories leaves what another copy of the module has made in this process', () => {
  const kept = run(
    `const path = t.makeTemporaryDirectory('socket');
     delete require.cache[require.resolve('${MODULE}')];
     await require('${MODULE}').sweepTemporaryDirectories();
     console.log(require('fs').existsSync(path));`,
  );

  expect(kept.trim()).toBe('true');
});

it('sweepTemporaryDirectories removes what an earlier process with the id of this one has left', () => {
  const kept = run(
    `const path = t.makeTemporaryDirectory('socket');
     require('fs').utimesSync(path, 1, 1);
     await t.sweepTemporaryDirectories();
     console.log(require('fs').existsSync(path));`,
  );

  expect(kept.trim()).toBe('false');
});
