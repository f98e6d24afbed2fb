import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { restore, writeEdited } from '../../src/fix/write-edited';
import { diffText, editFiles } from '../../src/patching/edited-files';
import { scratchDirectory } from '../helpers/replay-cli';

const EDIT = { file: 'flow.ts', startLine: 2, endLine: 2, replacement: 'two\nand a half' };

function written(text: string): { cwd: string; text: () => string } {
  const cwd = scratchDirectory();
  writeFileSync(join(cwd, 'flow.ts'), text);
  return { cwd, text: () => readFileSync(join(cwd, 'flow.ts'), 'utf8') };
}

it('writes edits with the line ends of the file', async () => {
  const { cwd, text } = written('1\r\n2\r\n3\r\n');

  await writeEdited(await editFiles([EDIT], cwd));

  expect(text()).toBe('1\r\ntwo\r\nand a half\r\n3\r\n');
});

it('restores a file, unless it was changed since', async () => {
  const { cwd, text } = written('1\n2\n3\n');
  const files = await editFiles([EDIT], cwd);

  await writeEdited(files);
  await restore(files);
  const restored = text();
  await writeEdited(files);
  writeFileSync(join(cwd, 'flow.ts'), 'typed by the user');
  await restore(files);

  expect(restored).toBe('1\n2\n3\n');
  expect(text()).toBe('typed by the user');
});

it('keeps the mode of a file', async () => {
  const { cwd } = written('1\n2\n3\n');
  chmodSync(join(cwd, 'flow.ts'), 0o640);

  await writeEdited(await editFiles([EDIT], cwd));

  expect(execFileSync('stat', ['-c', '%a', join(cwd, 'flow.ts')], { encoding: 'utf8' }).trim()).toBe('640');
});

it('makes a diff that git applies', async () => {
  const { cwd, text } = written('1\n2\n3\n');
  const files = await editFiles([EDIT], cwd);

  execFileSync('git', ['apply', '-'], { cwd, input: diffText(files, cwd) });

  expect(text()).toBe(files[0]!.after);
});

it('names a file that cannot be read', async () => {
  await expect(editFiles([{ ...EDIT, file: 'gone.ts' }], scratchDirectory())).rejects.toMatchObject({
    code: 'OUTPUT_FAILED',
    message: expect.stringContaining('gone.ts cannot be read') as string,
  });
});
