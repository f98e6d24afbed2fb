import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, normalize, relative, sep } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { encodeHistory } from '../../src/history/encode';
import { historyPath, openHistoryStore, safeName } from '../../src/history/store';
import { removeStaleFiles, writeFileAtomic } from '../../src/util/atomic-file';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'temporal-replay-store-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const closed = encodeHistory({
  events: [{ eventType: 1 }, { eventType: 2 }].map((e, i) => ({ ...e, eventId: (i + 1) as never })),
});
const run = {
  workflowType: 'orderWorkflow',
  workflowId: 'order-1',
  runId: '01a20e01-15cd-7046-99c3-6f6808ac6dfb',
};

function historyText(events: number, lastType: number, filler = ''): string {
  return encodeHistory({
    events: Array.from({ length: events }, (_, i) => ({
      eventId: (i + 1) as never,
      eventType: i === events - 1 ? lastType : 10,
      ...(i === events - 1 && filler
        ? { workflowExecutionCompletedEventAttributes: { newExecutionRunId: filler } }
        : {}),
    })),
  });
}

const AWKWARD = [
  ...[
    '',
    '.',
    '..',
    '...',
    '/',
    '//',
    '../../etc/passwd',
    '..\\..\\windows',
    'C:\\x',
    '/etc/passwd',
    '~',
    '~root',
    '-rf',
  ],
  ...[
    'a/b',
    'a%2Fb',
    'a%252Fb',
    'a_b',
    'a b',
    'a ',
    'a.',
    'a..',
    '.a',
    'a\0b',
    'a\nb',
    'a\tb',
    '\u007f',
    '"<>|?*:',
    '[x]',
    '{a,b}',
  ],
  ...[
    'CON',
    'con',
    'Con',
    'nul.txt',
    'NUL.tar.gz',
    'com1',
    'LPT9.',
    'CONIN$',
    'aux ',
    'prn.',
    'com\u00b9',
    'console',
  ],
  ...[
    '😀',
    '👩‍👩‍👧',
    'é',
    'e\u0301',
    'Å',
    'Å',
    'ß',
    'ss',
    'SS',
    'İ',
    'ı',
    'I',
    'i',
    '\ud800',
    '\udc00',
    '\ud801',
    '\ufffd',
    '日本語',
  ],
  ...[
    'x'.repeat(119),
    'x'.repeat(120),
    'x'.repeat(121),
    'x'.repeat(1000),
    `${'x'.repeat(999)}y`,
    '/'.repeat(1000),
    '😀'.repeat(500),
  ],
  ...['order', 'Order', 'ORDER', 'order~', 'order~0123456789abcdef'],
];

function randomId(): string {
  const alphabet = [
    'a',
    'A',
    'b',
    '/',
    '.',
    '%',
    '2',
    'F',
    '~',
    '_',
    ' ',
    '\0',
    'é',
    '😀',
    '\\',
    ':',
    'CON',
    'nul',
  ];
  return Array.from({ length: randomInt(1, 60) }, () => alphabet[randomInt(alphabet.length)]).join('');
}

describe('the names of stored files', () => {
  it.each(AWKWARD)('have one safe path component for %j', (name) => {
    const safe = safeName(name);
    expect(safe).toMatch(/^[A-Za-z0-9._@+=,%~-]+$/);
    expect(safe.length).toBeLessThanOrEqual(120);
    expect(safe).not.toMatch(/^\.|\.$/);
    expect(safe).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
  });

  it('keep ordinary ids as they are', () => {
    for (const name of ['order-17', 'orderWorkflow', 'ORDER_17', 'tenant=4,order@17', 'a.b'])
      expect(safeName(name)).toBe(name);
    expect(historyPath(run)).toBe(join('orderWorkflow', `order-1_${run.runId}`));
  });

  it('differ for different ids', () => {
    const names = new Set([...AWKWARD, ...Array.from({ length: 20_000 }, randomId)]);
    expect(new Set([...names].map(safeName)).size).toBe(names.size);
  });

  it('differ for two runs, even if case is ignored, and stay within the directory', () => {
    const ids = [...AWKWARD, ...Array.from({ length: 5_000 }, randomId)];
    // The cluster's run ids are unique; any others need not be.
    const runs = [
      ...ids.map((id) => ({
        workflowType: ids[randomInt(ids.length)]!,
        workflowId: id,
        runId: randomUUID(),
      })),
      ...[...new Set(ids)].map((id) => ({ workflowType: 'Type', workflowId: id, runId: 'r' })),
      ...['R', 'a_r', 'A_r'].map((runId) => ({ workflowType: 'type', workflowId: 'a', runId })),
      { workflowType: 'type', workflowId: 'a_a', runId: 'r' },
    ];
    const paths = runs.map((key) => historyPath(key));
    expect(new Set(paths.map((path) => path.toLowerCase())).size).toBe(runs.length);
    for (const path of paths) {
      expect(normalize(path)).toBe(path);
      expect(path.split(sep)).toHaveLength(2);
      expect(relative('/out', join('/out', path)).startsWith('..')).toBe(false);
      expect(Buffer.byteLength(`${basename(path)}.json.gz`)).toBeLessThan(255);
    }
  });

  it('can all be stored on this file system', async () => {
    const store = await openHistoryStore(directory);
    for (const workflowId of AWKWARD) {
      const key = { workflowType: workflowId, workflowId, runId: randomUUID() };
      const { file } = await store.write(key, closed);
      expect(dirname(dirname(file))).toBe(directory);
      expect(await store.find(key)).toMatchObject({ file, closedStatus: 'COMPLETED' });
    }
  });
});

describe('the history store', () => {
  it('reports new, unchanged and updated files by their bytes', async () => {
    const store = await openHistoryStore(directory);
    const open = historyText(3, 10);
    const first = await store.write(run, open);
    expect(first).toEqual({
      file: join(directory, `${historyPath(run)}.json`),
      bytes: open.length,
      outcome: 'new',
    });
    expect(await store.find(run)).toMatchObject({ events: 3, closedStatus: null });

    const before = await stat(first.file);
    expect(await store.write(run, open)).toMatchObject({ outcome: 'unchanged' });
    expect((await stat(first.file)).ino).toBe(before.ino);

    const done = historyText(5, 2);
    expect(await store.write(run, done)).toMatchObject({ outcome: 'updated' });
    expect(await store.find(run)).toMatchObject({ events: 5, closedStatus: 'COMPLETED', bytes: done.length });
  });

  it.each([
    [2, 'COMPLETED'],
    [3, 'FAILED'],
    [4, 'TIMED_OUT'],
    [21, 'CANCELED'],
    [27, 'TERMINATED'],
    [28, 'CONTINUED_AS_NEW'],
    [5, null],
    [26, null],
  ])('takes a last event of type %d for the status %s', async (type, status) => {
    const store = await openHistoryStore(directory);
    await store.write(run, historyText(12, type));
    expect(await store.find(run)).toMatchObject({ events: 12, closedStatus: status });
  });

  it('finds the last event if it is larger than the part that is read first', async () => {
    const store = await openHistoryStore(directory);
    const text = historyText(4, 2, 'x'.repeat(200_000));
    await store.write(run, text);
    expect(await store.find(run)).toMatchObject({ events: 4, closedStatus: 'COMPLETED' });
  });

  it('reads files that another tool formatted, and takes a truncated file for absent', async () => {
    const store = await openHistoryStore(directory);
    const { file } = await store.write(run, historyText(4, 2));
    await writeFile(file, JSON.stringify(JSON.parse(await readFile(file, 'utf8'))));
    expect(await store.find(run)).toMatchObject({ events: 4, closedStatus: 'COMPLETED' });
    const whole = historyText(4, 2);
    for (const length of [0, 1, whole.length >> 1, whole.length - 2]) {
      await writeFile(file, whole.slice(0, length));
      expect(await store.find(run)).toBeNull();
    }
    expect(await store.write(run, whole)).toMatchObject({ outcome: 'updated' });
  });

  it('keeps one file of a run when gzip changes, with the same bytes on every machine', async () => {
    const plain = await openHistoryStore(directory);
    const zipped = await openHistoryStore(directory, { gzip: true });
    const text = historyText(4, 2);
    await plain.write(run, text);
    expect(await zipped.find(run)).toMatchObject({
      file: expect.stringMatching(/\.json$/),
      closedStatus: 'COMPLETED',
    });
    const { file, outcome } = await zipped.write(run, text);
    expect(outcome).toBe('updated');
    expect(await readdir(join(directory, run.workflowType))).toEqual([basename(file)]);
    const data = await readFile(file);
    expect(gunzipSync(data).toString()).toBe(text);
    // No time and no operating system in the header (RFC 1952).
    expect([...data.subarray(4, 8), data[9]]).toEqual([0, 0, 0, 0, 255]);
    expect(await zipped.write(run, text)).toMatchObject({ outcome: 'unchanged' });
    expect(await plain.find(run)).toMatchObject({ file, events: 4, closedStatus: 'COMPLETED' });
  });

  it('names the file that it cannot write', async () => {
    await writeFile(join(directory, 'file'), '');
    const store = await openHistoryStore(join(directory, 'file'));
    await expect(store.write(run, closed)).rejects.toMatchObject({ code: 'OUTPUT_FAILED', exitCode: 2 });
  });
});

describe('writeFileAtomic', () => {
  it('leaves no temporary file, not even after a failure', async () => {
    await writeFileAtomic(join(directory, 'a'), 'one');
    await writeFileAtomic(join(directory, 'a'), 'two');
    await expect(writeFileAtomic(join(directory, 'none', 'a'), '')).rejects.toThrow('ENOENT');
    expect(await readdir(directory)).toEqual(['a']);
    expect(await readFile(join(directory, 'a'), 'utf8')).toBe('two');
  });

  it('shows every reader a whole file while it writes', async () => {
    const path = join(directory, 'a');
    const contents = [randomBytes(300_000).toString('hex'), randomBytes(10_000).toString('hex')];
    await writeFileAtomic(path, contents[0]!);
    let done = false;
    const writing = (async () => {
      for (let i = 1; i < 40; i++) await writeFileAtomic(path, contents[i % 2]!);
      done = true;
    })();
    while (!done) expect(contents).toContain(await readFile(path, 'utf8'));
    await writing;
  });

  it('names its files so that removeStaleFiles removes those of killed processes only', async () => {
    // The name that it gives a file on this machine.
    const names: string[] = [];
    const writing = writeFileAtomic(join(directory, 'a'), 'x'.repeat(5_000_000));
    while (names.length === 0)
      names.push(...(await readdir(directory)).filter((name) => name.endsWith('.tmp')));
    await removeStaleFiles(directory);
    await writing;
    const host = names[0]!.split('-')[1]!;
    const living = `.replay-${host}-${process.ppid}-aa.tmp`;
    const elsewhere = '.replay-00000000-1-aa.tmp';
    const old = '.replay-00000000-1-bb.tmp';
    for (const name of [
      `.replay-${host}-4194000-aa.tmp`,
      `.replay-${host}-${process.pid}-aa.tmp`,
      living,
      elsewhere,
      old,
      'other.tmp',
    ]) {
      await writeFile(join(directory, name), '');
    }
    await utimes(join(directory, old), new Date(0), new Date(0));
    await removeStaleFiles(directory);
    expect((await readdir(directory)).sort()).toEqual([living, elsewhere, 'a', 'other.tmp'].sort());
  });
});
