import { type ErrorCode, isErrorCode } from '../errors';
import { blocksOf, withoutMarks } from './markdown';
import type { Passage } from './pages';

const INDENT = '  ';

/** Returns the page of a name as lines for a terminal. `hintOf` gives the advice of an error code. */
export function pageText(
  name: string,
  passages: readonly Passage[],
  { columns, hintOf }: { columns: number; hintOf(code: ErrorCode): string },
): string[] {
  const places = new Set(passages.map(({ path, anchor }) => `${INDENT}${path}#${anchor}`));
  const hint = (code: string): string => (isErrorCode(code) ? hintOf(code) : '');
  return [
    ...passages.flatMap((passage) => [...passageText(name, passage, { columns, hint }), '']),
    places.size === 1 ? 'The page:' : 'The pages:',
    ...places,
  ];
}

function passageText(
  name: string,
  { file, content }: Passage,
  { columns, hint }: { columns: number; hint(code: string): string },
): string[] {
  if (content.type === 'row') {
    const advice = content.kind === 'error code' ? hint(name) : '';
    const cells = [...content.cells, ...(advice === '' ? [] : [['What to do', advice] as const])];
    return [
      `${name} (${content.kind})`,
      ...cells
        .filter(([, text]) => text !== '' && text !== '–')
        .flatMap(([head, text]) => wrapped(withoutMarks(`${head}: ${text}`, file), columns)),
    ];
  }
  const body = blocksOf(content.lines).flatMap(({ text, isCode }) =>
    isCode || text === '' ? [text === '' ? '' : INDENT + text] : wrapped(withoutMarks(text, file), columns),
  );
  return [withoutMarks(content.title, file), ...trimmed(body)];
}

/** Returns the lines without blank ones at both ends, and without a second blank one in a row. */
const trimmed = (lines: readonly string[]): string[] =>
  lines.filter((line, i) => line !== '' || (i > 0 && lines[i - 1] !== '' && i < lines.length - 1));

/** A word, or code, which stays on one line. */
const WORD = /(?:`[^`]*`|[^ `]|`)+/g;

/** Returns a text on lines of at most so many columns, indented, with further lines below the first word after a list's mark. */
function wrapped(text: string, columns: number): string[] {
  const mark = /^ *(?:[-*]|\d+\.) /.exec(text)?.[0] ?? '';
  const hanging = INDENT + ' '.repeat(mark.length);
  const lines: string[] = [];
  let line = INDENT + mark;
  let isEmpty = true;
  for (const word of text.slice(mark.length).match(WORD) ?? []) {
    if (!isEmpty && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = hanging;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}
