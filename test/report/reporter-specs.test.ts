import { defaultReporters, needsOf, reporterSpecs } from '../../src/report/reporter-specs';
import { REPORTERS } from '../../src/report/reporters';

const CONTEXT = { cwd: '/repository', env: {} };
const specs = (reporters: string[] | undefined, output?: string, env: NodeJS.ProcessEnv = {}): string[] =>
  reporterSpecs({ reporters, output }, { cwd: '/repository', env }).map(
    ({ name, path }) => `${name} ${path}`,
  );

describe('--reporter', () => {
  it('takes names with and without a path, relative to the working directory', () => {
    expect(specs(['pretty', 'json=out/a=b.json', 'json=/tmp/x.json'])).toEqual([
      'pretty null',
      'json /repository/out/a=b.json',
      'json /tmp/x.json',
    ]);
  });

  it('gives the path of --output to the one reporter without a path', () => {
    expect(specs(['json'], 'r.json')).toEqual(['json /repository/r.json']);
    expect(specs(['pretty', 'json=a.json'], 'log.txt')).toEqual([
      'pretty /repository/log.txt',
      'json /repository/a.json',
    ]);
  });

  it('is, by default, pretty, and on GitHub Actions pretty and github', () => {
    expect(defaultReporters({})).toEqual(['pretty']);
    expect(defaultReporters({ GITLAB_CI: 'true' })).toEqual(['pretty']);
    expect(defaultReporters({ GITHUB_ACTIONS: 'true' })).toEqual(['pretty', 'github']);
  });

  it.each([
    ['an unknown name', ['teamcity'], undefined, /There is no reporter teamcity\.$/],
    ['a name that every object has', ['constructor'], undefined, /There is no reporter constructor/],
    ['an empty path', ['json='], undefined, /json= has no path after its "="/],
    ['two on standard output', ['pretty', 'json'], undefined, /pretty and json would both write to standard/],
    [
      'two with one file',
      ['json=a', 'pretty=./a'],
      undefined,
      /json and pretty would both write to \/repository\/a/,
    ],
    ['--output for two', ['pretty', 'json'], 'x', /pretty and json have no path/],
    ['--output for none', ['json=a'], 'x', /each one has its path/],
  ])('refuses %s', (_, reporters, output, message) => {
    const open = (): unknown => reporterSpecs({ reporters, output }, CONTEXT);

    expect(open).toThrow(expect.objectContaining({ code: 'USAGE', message: expect.stringMatching(message) }));
  });
});

describe('the needs of reporters', () => {
  const needs = (...reporters: string[]): object =>
    needsOf(reporterSpecs({ reporters, output: undefined }, CONTEXT));

  it('are merged over all reporters of a run', () => {
    expect(needs('pretty', 'html=report.html')).toEqual({ timelines: true, temporalUi: true });
  });

  it('are empty for reporters that show what every run collects', () => {
    expect(needs('pretty', 'junit=junit.xml')).toEqual({});
  });

  it.each([
    ['jsn', 'json'],
    ['prety=out.txt', 'pretty'],
  ])('suggests the nearest name for %s, and lists all of them', (given, nearest) => {
    const open = (): unknown => reporterSpecs({ reporters: [given], output: undefined }, CONTEXT);

    expect(open).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(`Did you mean ${nearest}?`),
        hint: `Use one of ${Object.keys(REPORTERS).join(', ')}.`,
      }),
    );
  });
});
