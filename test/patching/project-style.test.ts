import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inProjectStyle, snippetOf } from '../../src/patching/project-style';
import { scratchDirectory } from '../helpers/replay-cli';

/** A service whose prettier breaks lines after commas, unless it has none. */
function service(text: string, { hasPrettier = true } = {}): { file: string; textOf: () => string } {
  const directory = scratchDirectory();
  const prettier = join(directory, 'node_modules/prettier/index.js');
  mkdirSync(dirname(prettier), { recursive: true });
  if (hasPrettier)
    writeFileSync(
      prettier,
      `exports.resolveConfig = async () => ({ after: ',' });
       exports.format = async (text, { after }) => text.replaceAll(after + ' ', after + '\\n');`,
    );
  return { file: join(directory, 'flow.ts'), textOf: () => text };
}

const edit = (file: string) => [{ file, startLine: 2, endLine: 2, replacement: 'pay(1, 2);' }];

describe('edits in the style of a project', () => {
  it('are formatted by its own prettier', async () => {
    const { file, textOf } = service('first();\nsecond();\nthird();');

    expect(await inProjectStyle(edit(file), textOf)).toEqual([
      { file, startLine: 2, endLine: 2, replacement: 'pay(1,\n2);' },
    ]);
  });

  it.each([
    ['it has none', { hasPrettier: false }, 'first();\nsecond();\nthird();'],
    ['it does not format the file as it is', {}, 'first();\nsecond();\nthird(1, 2);'],
  ])('stay as they are if %s', async (_, options, text) => {
    const { file, textOf } = service(text, options);

    expect(await inProjectStyle(edit(file), textOf)).toEqual(edit(file));
  });
});

describe('the code of edits', () => {
  it('leaves out the lines that only import', () => {
    const at = { file: 'flow.ts', startLine: 1, endLine: 1 };
    const replacements = [
      "import { patched } from '@temporalio/workflow';",
      '  sleep,\n  patched,',
      '  pay();',
    ];

    expect(snippetOf(replacements.map((replacement) => ({ ...at, replacement })))).toBe('pay();');
  });
});
