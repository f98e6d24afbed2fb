import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { isTemporalReplayError } from '../../src/errors';
import { loadHistories, type LoadOptions } from '../../src/history/load';

let cwd: string;
beforeAll(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'load-')));
  for (const dir of ['h/order', 'h/.hidden', 'h/node_modules/x', 'empty'])
    mkdirSync(join(cwd, dir), { recursive: true });
  const files = [
    'h/order/b_1.json',
    'h/order/a_1.json.gz',
    'h/order/a[1].json',
    'h/order/Z.JSON',
    'h/cloud.proto',
    'h/x.binpb',
    'h/x.pb',
    'h/x.bin',
    'h/lines.ndjson',
    // No histories:
    'h/README.md',
    'h/.hidden/a.json',
    'h/.a.json',
    'h/a.json.tmp',
    'h/a.json~',
    'h/node_modules/x/package.json',
    'empty/notes.txt',
    'odd name.txt',
  ];
  for (const file of files) writeFileSync(join(cwd, file), '{}');
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function load(paths: string[], more: Partial<LoadOptions> = {}): Promise<string[]> {
  const files: string[] = [];
  for await (const source of loadHistories({ paths, cwd, ...more })) {
    files.push(
      source.file.replace(cwd, '').replaceAll('\\', '/') +
        (source.bytes ? `=${Buffer.from(source.bytes).toString()}` : ''),
    );
  }
  return files;
}

const ALL = [
  '/h/cloud.proto',
  '/h/lines.ndjson',
  '/h/order/Z.JSON',
  '/h/order/a[1].json',
  '/h/order/a_1.json.gz',
  '/h/order/b_1.json',
  '/h/x.bin',
  '/h/x.binpb',
  '/h/x.pb',
];

test('loadHistories lists the histories of a directory, of every form and at any depth, sorted', async () => {
  expect(await load(['h'])).toEqual(ALL);
  expect(await load([join(cwd, 'h')])).toEqual(ALL);
  expect(await load(['h/'])).toEqual(ALL);
  expect(await load(['.'])).toEqual(ALL);
});

test('loadHistories lists the matches of globs, absolute ones included', async () => {
  expect(await load(['h/**/*.json'])).toEqual(['/h/order/Z.JSON', '/h/order/a[1].json', '/h/order/b_1.json']);
  expect(await load(['./h/order/{a,b}_*'])).toEqual(['/h/order/a_1.json.gz', '/h/order/b_1.json']);
  expect(await load([join(cwd, 'h/*.p*b')])).toEqual(['/h/x.pb']);
});

test('loadHistories accepts files with any name, and lists none twice', async () => {
  expect(await load(['odd name.txt', 'h/order/a[1].json'])).toEqual(['/odd name.txt', '/h/order/a[1].json']);
  expect(await load(['h/order/b_1.json', 'h/order', join(cwd, 'h/order/b_1.json')])).toEqual([
    '/h/order/b_1.json',
    '/h/order/Z.JSON',
    '/h/order/a[1].json',
    '/h/order/a_1.json.gz',
  ]);
});

test('loadHistories keeps paths relative that can be opened from here', async () => {
  const from = process.cwd();
  process.chdir(cwd);
  try {
    expect(await load(['./h/order/b_1.json', 'h/x.*'], { cwd: undefined })).toEqual([
      'h/order/b_1.json',
      'h/x.bin',
      'h/x.binpb',
      'h/x.pb',
    ]);
  } finally {
    process.chdir(from);
  }
});

test('loadHistories reads standard input once, as bytes', async () => {
  const stdin = Readable.from([Buffer.from('{"a'), Buffer.from('": 1}')]);
  expect(await load(['-', '-'], { stdin })).toEqual(['-={"a": 1}']);
});

test('loadHistories lists a broken link that is named as a history, so that its replay fails', async () => {
  mkdirSync(join(cwd, 'linked/below'), { recursive: true });
  symlinkSync(join(cwd, 'nowhere.json'), join(cwd, 'linked/below/gone.json'));
  symlinkSync('loop.json.gz', join(cwd, 'linked/loop.json.gz'));
  symlinkSync(join(cwd, 'nowhere'), join(cwd, 'linked/notes'));
  symlinkSync(join(cwd, 'h/x.pb'), join(cwd, 'linked/there.pb'));

  expect(await load(['linked'])).toEqual([
    '/linked/below/gone.json',
    '/linked/loop.json.gz',
    '/linked/there.pb',
  ]);
});

test('loadHistories ends on a link to a parent directory', async () => {
  symlinkSync(join(cwd, 'h'), join(cwd, 'h/order/loop'), 'dir');
  try {
    expect(await load(['h'])).toEqual(expect.arrayContaining(ALL));
  } finally {
    rmSync(join(cwd, 'h/order/loop'));
  }
});

test.each([
  ['missing.json', 'there is no file or directory missing.json'],
  ['h/order/b_1.json/x', 'there is no file or directory h/order/b_1.json/x'],
  ['nowhere/*.json', 'no file matches nowhere/*.json'],
  ['empty', 'no histories in the directory empty'],
])('loadHistories refuses a path that gives no history: %s', async (given, message) => {
  const failure: unknown = await load(['h', given]).catch((err: unknown) => err);
  expect(isTemporalReplayError(failure) && failure.code).toBe('NO_HISTORIES');
  expect((failure as Error).message).toContain(message);
});

test('loadHistories stops when aborted, even while standard input is open', async () => {
  await expect(load(['h'], { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
  const stdin = new Readable({ read() {} });
  const abort = new AbortController();
  const loading = load(['-'], { stdin, signal: abort.signal });
  setTimeout(() => abort.abort(), 20);
  await expect(loading).rejects.toMatchObject({ code: 'ABORTED' });
});
