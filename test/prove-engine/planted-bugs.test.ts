/** The proof finds bugs that are planted in the screen: `npm run prove:engine -- --planted` looks for all of them. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../helpers/root';
import { PLANTED_BUGS } from './planted-bugs';

const SCREEN = join(ROOT, 'src/replay/engine/screen');

it.each(PLANTED_BUGS)('the text that this bug changes stands once in the screen: $name', (bug) => {
  const text = readFileSync(join(SCREEN, bug.file), 'utf8');

  expect(text.split(bug.before)).toHaveLength(2);
});

it.each(['jobs come in the order of the events', 'the verdict of the comparison is dropped'])(
  'the proof finds it: %s',
  async (bug) => {
    const args = ['--planted', '--only', bug, '--seed', '1', '--minutes', '2'];

    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['-r', 'esbuild-register', join(__dirname, 'run.ts'), ...args],
      { cwd: ROOT },
    );

    expect(stdout).toMatch(`${bug}: found by`);
  },
);
