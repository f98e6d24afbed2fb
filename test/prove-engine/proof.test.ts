/** A fixed sample of `npm run prove:engine`. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../helpers/root';

it('finds no changed code and no changed history that the screen calls compatible and core does not', async () => {
  const args = ['-r', 'esbuild-register', join(__dirname, 'run.ts'), '--seed', '1', '--minutes', '0.5'];
  const parts = ['--part', 'mutants', '--part', 'histories'];

  const { stdout } = await promisify(execFile)(process.execPath, [...args, ...parts], { cwd: ROOT });

  expect(stdout.match(/"disagreements": 0/g)).toHaveLength(2);
  expect(stdout).not.toMatch(/"tries": 0/);
}, 120_000);
