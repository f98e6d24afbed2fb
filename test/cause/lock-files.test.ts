import { LOCK_FILES } from '../../src/cause/lock-files';

const read = (name: string, text: string): Record<string, string[]> =>
  Object.fromEntries([...LOCK_FILES[name]!(text)].map(([key, versions]) => [key, [...versions]]));

describe('LOCK_FILES', () => {
  it('reads the versions of npm', () => {
    const packages = {
      '': { version: '1.0.0' },
      'node_modules/luxon': { version: '3.4.0' },
      'node_modules/@a/b': { version: '1.0.0' },
      'node_modules/x/node_modules/luxon': { version: '2.0.0' },
    };

    expect(read('package-lock.json', JSON.stringify({ packages }))).toEqual({
      luxon: ['3.4.0', '2.0.0'],
      '@a/b': ['1.0.0'],
    });
    const dependencies = { a: { version: '1.0.0', dependencies: { b: { version: '2.0.0' } } } };
    expect(read('package-lock.json', JSON.stringify({ dependencies }))).toEqual({
      a: ['1.0.0'],
      b: ['2.0.0'],
    });
  });

  it('reads the versions of Yarn 1 and later', () => {
    const one = '# yarn lockfile v1\n\n"@a/b@^1.0.0", "@a/b@^1.1.0":\n  version "1.2.0"\n  resolved "x"\n';
    const later = '"luxon@npm:^3.0.0":\n  version: 3.4.0\n  resolution: "luxon@npm:3.4.0"\n';

    expect(read('yarn.lock', one + later)).toEqual({ '@a/b': ['1.2.0'], luxon: ['3.4.0'] });
  });

  it('reads the versions of pnpm, old and new', () => {
    const text =
      "importers:\n  .:\n    x: 1\npackages:\n  '@a/b@1.0.0(c@2.0.0)':\n    y: 1\n  /luxon@3.4.0:\n  /ms/2.1.3:\n";

    expect(read('pnpm-lock.yaml', text)).toEqual({ '@a/b': ['1.0.0'], luxon: ['3.4.0'], ms: ['2.1.3'] });
  });
});
