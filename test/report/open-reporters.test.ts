import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { DiagnosedReport } from '../../src/model/report';
import { openReporters } from '../../src/report/open-reporters';
import type { Reporter } from '../../src/report/reporter';
import { openScreen } from '../../src/report/screen';
import { reporterSpecs } from '../../src/report/reporter-specs';

describe('openReporters', () => {
  const REPORT = {
    schemaVersion: 1,
    status: 'complete',
    results: [],
    groups: [],
  } as unknown as DiagnosedReport;
  let out = '';
  const streams = { out: (text: string) => void (out += text), err: () => undefined };
  const screen = openScreen(streams, { isTerminal: false, color: true });
  const directory = mkdtempSync(join(tmpdir(), 'reporters-'));
  const open = (reporters: string[]): Reporter => {
    const context = { cwd: directory, env: {} };
    return openReporters(reporterSpecs({ reporters, output: undefined }, context), screen, context);
  };
  beforeEach(() => (out = ''));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('writes to standard output and to a file, without leaving another file beside it', async () => {
    const reporter = open(['json', 'json=report.json']);

    await reporter.onEnd!(REPORT);

    expect(JSON.parse(out)).toEqual(REPORT);
    expect(readFileSync(join(directory, 'report.json'), 'utf8')).toBe(out);
    expect(readdirSync(directory)).toEqual(['report.json']);
  });

  it('creates the missing directories of a path', async () => {
    const reporter = open(['json=new/deep/report.json']);

    await reporter.onEnd!(REPORT);

    expect(JSON.parse(readFileSync(join(directory, 'new/deep/report.json'), 'utf8'))).toEqual(REPORT);
  });

  it('reports the reporter and the path of a file that cannot be written', async () => {
    writeFileSync(join(directory, 'file'), '');
    const reporter = open(['json', 'json=file/report.json']);

    await expect(reporter.onEnd!(REPORT)).rejects.toMatchObject({
      code: 'OUTPUT_FAILED',
      message: expect.stringMatching(/^The json reporter failed: .*file\/report\.json cannot be written/),
    });
    expect(JSON.parse(out)).toEqual(REPORT);
  });

  it('leaves the report of a whole run and writes that of an interrupted one beside it', async () => {
    await open(['json=kept.json']).onEnd!(REPORT);
    const whole = readFileSync(join(directory, 'kept.json'), 'utf8');

    await open(['json=kept.json']).onEnd!({ ...REPORT, status: 'interrupted' });

    expect(readFileSync(join(directory, 'kept.json'), 'utf8')).toBe(whole);
    expect(JSON.parse(readFileSync(join(directory, 'kept.interrupted.json'), 'utf8'))).toMatchObject({
      status: 'interrupted',
    });
  });

  it('writes into a FIFO and leaves it', async () => {
    const fifo = join(directory, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const reader = spawn('cat', [fifo], { stdio: ['ignore', 'pipe', 'ignore'] });
    const read = text(reader.stdout);

    await open(['json=fifo']).onEnd!(REPORT);

    expect(JSON.parse(await read)).toEqual(REPORT);
    expect(statSync(fifo).isFIFO()).toBe(true);
  });

  it('writes an interrupted report into a FIFO too, which says so', async () => {
    const fifo = join(directory, 'cut-fifo');
    execFileSync('mkfifo', [fifo]);
    const reader = spawn('cat', [fifo], { stdio: ['ignore', 'pipe', 'ignore'] });
    const read = text(reader.stdout);

    await open(['json=cut-fifo']).onEnd!({ ...REPORT, status: 'interrupted' });

    expect(JSON.parse(await read)).toMatchObject({ status: 'interrupted' });
  });
});
