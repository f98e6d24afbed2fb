import { execFileSync, spawnSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isStream } from '../../src/util/write-through';

const ATOMIC_FILE = join(__dirname, '../../lib/util/atomic-file.js');

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'streams-'))));
afterEach(() => rmSync(directory, { recursive: true }));

it('isStream tells descriptors, devices and FIFOs from files and directories', async () => {
  const [fifo, link, file] = ['fifo', 'link', 'file'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  execFileSync('mkfifo', [fifo]);
  symlinkSync(fifo, link);
  writeFileSync(file, '');
  const paths = [
    fifo,
    link,
    '/dev/null',
    '/dev/stdout',
    '/dev/fd/7',
    file,
    directory,
    join(directory, 'none'),
  ];

  const found = await Promise.all(paths.map(isStream));

  expect(found).toEqual([true, true, true, true, true, false, false, false]);
});

it('writeFileAtomic writes to /dev/stdout and /dev/fd/3 where their file is, and leaves the names', () => {
  const out = join(directory, 'out');
  const write = (path: string): string =>
    `await require('${ATOMIC_FILE}').writeFileAtomic('${path}', '${path} ');`;
  const script = `(async () => { ${write('/dev/stdout')} ${write('/dev/fd/3')} })()`;
  const stdoutBefore = lstatSync('/dev/stdout').ino;

  const { status } = spawnSync(
    'sh',
    ['-c', `{ printf 'before '; "$0" -e "$1" 3>&1; printf after; } > "$2"`, process.execPath, script, out],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );

  expect(status).toBe(0);
  expect(readFileSync(out, 'utf8')).toBe('before /dev/stdout /dev/fd/3 after');
  expect(lstatSync('/dev/stdout').ino).toBe(stdoutBefore);
});
