import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ROOT } from '../helpers/replay-cli';

const LIB = join(ROOT, 'lib');

describe('replay', () => {
  const directory = mkdtempSync(join(tmpdir(), 'start-up-'));
  const preload = join(directory, 'print-loaded.js');
  const loadedFile = join(directory, 'loaded.json');
  beforeAll(() =>
    writeFileSync(
      preload,
      `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(loadedFile)}, JSON.stringify(Object.keys(require.cache))));`,
    ),
  );
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  /** Returns the modules of the built CLI, relative to lib/, that a run of it loads. */
  function modulesLoadedBy(...args: string[]): string[] {
    spawnSync(process.execPath, ['-r', preload, join(LIB, 'cli/main.js'), ...args]);
    const loaded = JSON.parse(readFileSync(loadedFile, 'utf8')) as string[];
    return loaded.filter((path) => path.startsWith(LIB)).map((path) => relative(LIB, path));
  }

  it.each([
    ['for --version', ['--version']],
    ['for --help', ['--help']],
    ['for a mistyped command', ['rum']],
    ['without arguments', []],
  ])('loads no command %s', (_, args) => {
    const loaded = modulesLoadedBy(...args);

    expect(loaded).toContain('cli/command-table.js');
    expect(loaded.filter((path) => path.startsWith('cli/commands/'))).toEqual([]);
    // Modules cost more than the arguments' parser does: a new one here needs a reason.
    expect(loaded.length).toBeLessThan(18);
  });

  it('loads the named command alone for its --help', () => {
    const loaded = modulesLoadedBy('doctor', '--help');

    expect(loaded.filter((path) => path.startsWith('cli/commands/'))).toEqual(['cli/commands/doctor.js']);
  });

  it('ends with 2 in a directory that is gone, where Node would end with 1', () => {
    const script = 'mkdir gone && cd gone && rmdir ../gone && exec "$0" "$1" run';

    const { status, stderr } = spawnSync('sh', ['-c', script, process.execPath, join(LIB, 'cli/main.js')], {
      cwd: directory,
      encoding: 'utf8',
    });

    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/^replay: unexpected error\nError: ENOENT/),
    });
  });
});
