/** A heading of a Markdown document with the lines below it, down to the next heading of its level or a higher one. */
export interface Section {
  title: string;
  /** Name of the section in a link, as GitHub makes it. */
  anchor: string;
  lines: string[];
}

/** A row of a table, by the heads of its columns. */
export interface TableRow {
  /** Code spans of the first cell. */
  names: string[];
  /** Head and text of each further cell. */
  cells: [head: string, text: string][];
}

const HEADING = /^(#+) (.+)$/;

/** Returns the sections of a document, in order. A section holds the lines of those below it. */
export function sectionsOf(text: string): Section[] {
  const sections: (Section & { level: number })[] = [];
  let open: typeof sections = [];
  let isCode = false;
  for (const line of text.split('\n')) {
    if (line.trimStart().startsWith('```')) isCode = !isCode;
    const [, marks, title] = (!isCode && HEADING.exec(line)) || [];
    if (marks !== undefined) open = open.filter(({ level }) => level < marks.length);
    for (const section of open) section.lines.push(line);
    if (marks === undefined) continue;
    const section = { title: title!, anchor: anchorOf(title!), lines: [], level: marks.length };
    sections.push(section);
    open.push(section);
  }
  return sections;
}

const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

const CODE_SPAN = /`([^`]+)`/g;

/** Returns the code spans of a text. */
export const codeSpansIn = (text: string): string[] => [...text.matchAll(CODE_SPAN)].map(([, name]) => name!);

/** Returns the rows of the tables in the lines. */
export function tableRowsIn(lines: readonly string[]): TableRow[] {
  const rows: TableRow[] = [];
  let heads: string[] | null = null;
  for (const line of lines) {
    const cells = isTableLine(line) ? cellsOf(line) : null;
    if (!cells || !heads) heads = cells;
    else if (!cells.every((cell) => /^:?-+:?$/.test(cell)))
      rows.push({ names: codeSpansIn(cells[0]!), cells: cells.map((cell, i) => [heads![i] ?? '', cell]) });
  }
  return rows.map(({ names, cells }) => ({ names, cells: cells.slice(1) }));
}

const isTableLine = (line: string): boolean => line.startsWith('|');

/** Returns the cells of a line of a table. A bar within a cell is written `\|`. */
const cellsOf = (line: string): string[] =>
  line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));

const LINK = /\[([^\]]+)\]\(([^)]+)\)/g;

/** Returns a line of Markdown without its marks. A link is followed by its target, which `file` names if it lies within the file. */
export const withoutMarks = (text: string, file: string): string => {
  const placeOf = (target: string): string => (target.startsWith('#') ? file + target : target);
  return text
    .replace(/\(\[[^\]]+\]\(([^)]+)\)\)/g, (_, target: string) => `(see ${placeOf(target)})`)
    .replace(LINK, (_, words: string, target: string) => `${words} (${placeOf(target)})`)
    .replaceAll('**', '');
};

const LIST_ITEM = /^ *(?:[-*]|\d+\.) /;

/** Returns the lines of a section as blocks: paragraphs and list items on one line each, code and tables as they are. */
export function blocksOf(lines: readonly string[]): { text: string; isCode: boolean }[] {
  const blocks: { text: string; isCode: boolean }[] = [];
  let isCode = false;
  let isOpen = false;
  for (const line of lines) {
    if (line.trimStart().startsWith('```')) {
      isCode = !isCode;
      isOpen = false;
    } else if (isCode) blocks.push({ text: line, isCode });
    else if (isOpen && line !== '' && !isTableLine(line) && !LIST_ITEM.test(line))
      blocks.at(-1)!.text += ` ${line.trim()}`;
    else {
      isOpen = line !== '' && !isTableLine(line) && !HEADING.test(line);
      blocks.push({ text: line, isCode: isTableLine(line) });
    }
  }
  return blocks;
}
