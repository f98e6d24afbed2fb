import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readReport } from '../../../src/report/read-report';
import { pretty } from '../../../src/report/reporters/pretty';
import { type Screen, openScreen } from '../../../src/report/screen';
import { shownWidthOf } from '../../../src/report/text/wrap';
import { EDITS, type Edit } from '../../edits/edits';
import { ROOT, replay, scratchDirectory, writeEdited } from '../../helpers/replay-cli';

/** Reports of real runs over histories of the example. UPDATE_TERMINAL_REPORTS=1 makes them again. */
const REPORTS = ['green', 'red', 'drifted', 'failed'] as const;
type Name = (typeof REPORTS)[number];

const WIDTHS = [60, 80, 140] as const;

const pathOf = (name: Name): string => join(__dirname, `fixtures/${name}.json`);

async function shownAt(name: Name, traits: Partial<Screen>): Promise<string> {
  let shown = '';
  const streams = { out: (text: string) => void (shown += text), err: () => undefined };
  const screen = openScreen(streams, { isTerminal: false, color: false, ...traits });
  await pretty(screen, { cwd: '/repo', env: {} }).onEnd?.(await readReport(pathOf(name)));
  return shown;
}

describe.each(REPORTS)('the report of a %s run on a terminal', (name) => {
  it.each(WIDTHS)('is broken at words in %i columns', async (columns) => {
    const shown = await shownAt(name, { columns });

    expect(shown.split('\n').filter((line) => shownWidthOf(line) > columns)).toEqual([]);
    expect(shown).toMatchSnapshot();
  });

  it('has the same line breaks in colour', async () => {
    const plain = await shownAt(name, { columns: 60 });
    const colored = await shownAt(name, { columns: 60, color: true, hyperlinks: true });

    // eslint-disable-next-line no-control-regex
    const text = colored.replace(/\u001b\[[\d;]*m|\u001b\]8;;[^\u001b]*\u001b\\/g, '');
    expect(text.split('\n').map((line) => line.trimEnd())).toEqual(plain.split('\n'));
  });

  it('is not broken where the output is no terminal', async () => {
    const shown = await shownAt(name, {});
    const narrow = await shownAt(name, { columns: 60 });

    expect(shown.split('\n').length).toBeLessThanOrEqual(narrow.split('\n').length);
    expect(shown).not.toContain('…/');
  });
});

const updating = process.env['UPDATE_TERMINAL_REPORTS'] === '1';
if (updating)
  describe('the reports', () => {
    const named = (name: string): Edit => EDITS.find((edit) => edit.name === name)!;
    const EDITS_OF: Readonly<Record<Name, readonly string[]>> = {
      green: [],
      red: [
        'an activity is added in the middle',
        'another activity is called',
        'it completes instead of continuing as new',
        'a timer is removed',
        'a TypeError in the middle',
        'another failure message',
      ],
      drifted: ['another input of a child'],
      failed: ['a renamed type'],
    };

    it.each(REPORTS)(
      'are made again: %s',
      async (name) => {
        const directory = scratchDirectory();
        const git = (...args: string[]): void =>
          void execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
            cwd: directory,
          });
        cpSync(join(ROOT, 'examples/order-service/src'), join(directory, 'src'), { recursive: true });
        symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
        writeFileSync(join(directory, '.gitignore'), 'node_modules\n');
        for (const type of readdirSync(join(ROOT, 'histories')).filter((entry) => !entry.includes('.'))) {
          mkdirSync(join(directory, 'histories', type), { recursive: true });
          for (const file of readdirSync(join(ROOT, 'histories', type)).slice(0, 12))
            cpSync(join(ROOT, 'histories', type, file), join(directory, 'histories', type, file));
        }
        git('init', '-q', '-b', 'main');
        git('add', '-A');
        git('commit', '-qm', 'base');
        for (const { file, changes } of EDITS_OF[name].map(named))
          writeEdited(
            join(directory, 'src/workflows', file),
            join(directory, 'src/workflows', file),
            changes,
          );

        const { stdout } = await replay(
          [
            'run',
            'histories',
            '--workflows-path',
            'src/workflows/index.ts',
            '--reporter',
            'json',
            '--advice-timeout',
            '5m',
          ],
          { cwd: directory },
        );

        const { origin: _, ...report } = JSON.parse(stdout.replaceAll(directory, '/repo')) as Record<
          string,
          unknown
        >;
        writeFileSync(pathOf(name), `${JSON.stringify(report, null, 1)}\n`);
      },
      400_000,
    );
  });
