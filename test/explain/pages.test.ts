import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pageText } from '../../src/explain/page-text';
import { readPages } from '../../src/explain/pages';
import { HISTORY_PROBLEM_CODES } from '../../src/history/formats/problem';
import { DIFFERENCE_KINDS, REMEDY_CODES } from '../../src/model/diagnosis';
import { RESULT_ERROR_CODES } from '../../src/model/result-error';
import { VERDICTS } from '../../src/model/verdict';
import { ERROR_CODES } from '../../src/errors';

const PAGES = readPages();

it.each([
  ['error code', ERROR_CODES],
  ['verdict', Object.keys(VERDICTS)],
  ['error code of a result', [...RESULT_ERROR_CODES, 'UNREADABLE_FILE']],
  ['code of a history that cannot be replayed', HISTORY_PROBLEM_CODES],
  ['kind of difference', DIFFERENCE_KINDS],
  ['remedy', REMEDY_CODES],
])('each %s has a page', (kind, names) => {
  const hasPage = (name: string): boolean =>
    (PAGES.get(name) ?? []).some(({ content }) => content.type === 'row' && content.kind === kind);

  expect(names.length).toBeGreaterThan(5);
  expect(names.filter((name) => !hasPage(name))).toEqual([]);
});

it('no page shows the marks of Markdown, or a line that is too long', () => {
  const texts = [...PAGES].flatMap(([name, passages]) =>
    pageText(name, passages, { columns: 100, hintOf: () => '' }),
  );
  const isPath = (line: string): boolean => line.trim().startsWith('/');

  expect(texts.filter((line) => /\]\(|\*\*/.test(line))).toEqual([]);
  expect(texts.filter((line) => line.length > 100 && !isPath(line) && !line.includes('|'))).toEqual([]);
});

describe('with documents of a test', () => {
  const directory = mkdtempSync(join(tmpdir(), 'pages-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const shown = (name: string, columns = 60): string => {
    const lines = pageText(name, readPages(directory).get(name)!, { columns, hintOf: () => 'Try it.' });
    return lines.join('\n').replaceAll(directory, '');
  };
  beforeAll(() => {
    writeFileSync(
      join(directory, 'configuration.md'),
      `# Configuration

## Errors

| Code    | Exit | Meaning                                  |
| ------- | ---- | ---------------------------------------- |
| \`USAGE\` | 2    | a flag ([more](other.md#flags)) \\| another |

### Not this table

| Code       | Meaning |
| ---------- | ------- |
| \`ANOTHER\` | none    |
`,
    );
    writeFileSync(
      join(directory, 'other.md'),
      `# Other

## A wrong flag (\`USAGE\`)

The **flag** is not known. See [the list](#flags), which
is long.

- A first item that is long enough to be shown on two lines.
- A second one.

\`\`\`sh
# not a heading
replay   --help
\`\`\`

### Below

It belongs to it.

## Flags

\`USAGE\` in a text is no heading.
`,
    );
  });

  it('a page is the row of the table and the section whose heading has the name', () => {
    expect(shown('USAGE')).toBe(`USAGE (error code)
  Exit: 2
  Meaning: a flag (see other.md#flags) | another
  What to do: Try it.

A wrong flag (\`USAGE\`)
  The flag is not known. See the list (other.md#flags),
  which is long.

  - A first item that is long enough to be shown on two
    lines.
  - A second one.

  # not a heading
  replay   --help

  ### Below

  It belongs to it.

The pages:
  /configuration.md#errors
  /other.md#a-wrong-flag-usage`);
  });

  it('a table below the next heading gives no page', () => {
    expect([...readPages(directory).keys()]).toEqual(['USAGE']);
  });
});
