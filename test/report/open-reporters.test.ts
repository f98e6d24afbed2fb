import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DiagnosedReport } from '../../src/model/report';
import { defaultReporters } from '../../src/report/default-reporters';
import { needsOf, openReporters, reporterSpecs } from '../../src/report/open-reporters';
import type { Screen } from '../../src/report/reporter';

const CONTEXT = { cwd: '/work', env: {} };
const specs = (reporters: string[] | undefined, output?: string, env: NodeJS.ProcessEnv = {}): string[] =>
  reporterSpecs({ reporters, output }, { cwd: '/work', env }).map(({ name, path }) => `${name} ${path}`);

describe('--reporter', () => {
  it('takes names with and without a path, relative to the current directory', () => {
    expect(specs(['pretty', 'json=out/a=b.json', 'json=/tmp/x.json'])).toEqual([
      'pretty null',
      'json /work/out/a=b.json',
      'json /tmp/x.json',
    ]);
  });

  it('leaves --output to the one reporter without a path', () => {
    expect(specs(['json'], 'r.json')).toEqual(['json /work/r.json']);
    expect(specs(['pretty', 'json=a.json'], 'log.txt')).toEqual([
      'pretty /work/log.txt',
      'json /work/a.json',
    ]);
  });

  it('unset, follows the place', () => {
    expect(defaultReporters({})).toEqual(['pretty']);
    expect(defaultReporters({ GITLAB_CI: 'true' })).toEqual(['pretty']);
    expect(defaultReporters({ GITHUB_ACTIONS: 'true' })).toEqual(['pretty', 'github']);
  });

  it.each([
    ['an unknown name', ['xml'], undefined, /There is no reporter xml: use one of pretty, json/],
    ['a name that every object has', ['constructor'], undefined, /There is no reporter constructor/],
    ['an empty path', ['json='], undefined, /json= has no path after its "="/],
    ['two on standard output', ['pretty', 'json'], undefined, /pretty and json would both write to standard/],
    [
      'two with one file',
      ['json=a', 'pretty=./a'],
      undefined,
      /json and pretty would both write to \/work\/a/,
    ],
    ['--output for two', ['pretty', 'json'], 'x', /pretty and json have no path/],
    ['--output for none', ['json=a'], 'x', /each one has its path/],
  ])('refuses %s in one sentence', (_, reporters, output, message) => {
    const open = (): unknown => reporterSpecs({ reporters, output }, CONTEXT);

    expect(open).toThrow(expect.objectContaining({ code: 'USAGE', message: expect.stringMatching(message) }));
  });
});

describe('the needs of reporters', () => {
  const needs = (...reporters: string[]): object =>
    needsOf(reporterSpecs({ reporters, output: undefined }, CONTEXT));

  it('are merged over all reporters of a run', () => {
    expect(needs('pretty', 'html=report.html')).toEqual({ timelines: true });
  });

  it('are empty for reporters that show what every run collects', () => {
    expect(needs('pretty', 'json=report.json')).toEqual({});
  });
});

describe('opened reporters', () => {
  const REPORT = { schemaVersion: 1, results: [], groups: [] } as unknown as DiagnosedReport;
  let out = '';
  const screen: Screen = { out: (text) => (out += text), err: () => {}, isTerminal: false, color: true };
  const directory = mkdtempSync(join(tmpdir(), 'reporters-'));
  beforeEach(() => (out = ''));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('write to standard output and to a file, whole and with nothing left beside it', async () => {
    const reporters = ['json', 'json=report.json'];
    const reporter = openReporters({ reporters, output: undefined }, screen, { cwd: directory, env: {} });

    await reporter.onEnd!(REPORT);

    expect(JSON.parse(out)).toEqual(REPORT);
    expect(readFileSync(join(directory, 'report.json'), 'utf8')).toBe(out);
    expect(readdirSync(directory)).toEqual(['report.json']);
  });

  it('make the directory that a path names', async () => {
    const reporters = ['json=new/deep/report.json'];

    await openReporters({ reporters, output: undefined }, screen, { cwd: directory, env: {} }).onEnd!(REPORT);

    expect(JSON.parse(readFileSync(join(directory, 'new/deep/report.json'), 'utf8'))).toEqual(REPORT);
  });

  it('fail with the name of the reporter and the path where its file cannot be written', async () => {
    writeFileSync(join(directory, 'file'), '');
    const reporters = ['json', 'json=file/report.json'];
    const reporter = openReporters({ reporters, output: undefined }, screen, { cwd: directory, env: {} });

    await expect(reporter.onEnd!(REPORT)).rejects.toMatchObject({
      code: 'OUTPUT_FAILED',
      message: expect.stringMatching(/^The json reporter failed: .*file\/report\.json cannot be written/),
    });
    expect(JSON.parse(out)).toEqual(REPORT);
  });
});
