import { flagName, isRepeatable, type FlagRow } from '../src/options/flags';
import type { OptionRow, OptionTable } from '../src/options/option-row';
import {
  CONFIG,
  COVERAGE,
  FETCH,
  FLAGS_ONLY,
  GATE,
  PROJECT,
  REPLAY,
  REPORT,
  SOURCES,
} from '../src/options/table';

type Entry = readonly [option: string | null, name: string, row: OptionRow];

const entriesOf = (table: OptionTable): Entry[] =>
  Object.entries(table).map(([name, row]) => [name, name, row]);
const flagOnly = (...names: (keyof typeof FLAGS_ONLY)[]): Entry[] =>
  names.map((name) => [null, name, FLAGS_ONLY[name]]);

/** Tables of docs/configuration.md, by the name in the comments that enclose each of them. */
const TABLES: Readonly<Record<string, readonly Entry[]>> = {
  project: [...entriesOf(PROJECT), ['projects', 'projects', CONFIG.projects]],
  histories: [...entriesOf(SOURCES), ...flagOnly('query', 'limit', 'config')],
  gate: entriesOf(GATE),
  run: [...entriesOf({ ...REPLAY, ...COVERAGE, ...REPORT }), ...flagOnly('watch')],
  deploy: flagOnly('query', 'buildId', 'deployment', 'perShape', 'sample', 'maxDuration', 'seed'),
  patches: flagOnly('query', 'buildId', 'deployment', 'corpusOnly'),
  fetch: entriesOf(FETCH),
};

const HEADER = ['Option', 'Type', 'Flag', 'Default', 'Meaning'];

/** Returns docs/configuration.md with its option tables printed from src/options/table.ts. */
export const withOptionTables = (markdown: string): string =>
  markdown.replace(
    /(<!-- options: (\w+) -->\n\n)[^]*?(\n\n<!-- end -->)/g,
    (_, start: string, name: string, end: string) => `${start}${format(rowsOf(TABLES[name]!))}${end}`,
  );

const rowsOf = (entries: readonly Entry[]): string[][] => [
  HEADER,
  ...entries.map(([option, name, row]) => [
    option === null ? '' : code(option),
    option === null ? '' : typeText(row),
    flagText(name, row),
    defaultText(row),
    row.docs.meaning,
  ]),
];

const code = (text: string): string => `\`${text}\``;

const typeText = ({ type, docs }: OptionRow): string =>
  docs.type ?? code(type.replaceAll('array of strings', 'string[]').replaceAll(' or ', ' \\| '));

function flagText(name: string, { flag, docs, ...row }: OptionRow): string {
  if (docs.flag !== undefined) return docs.flag;
  if (flag === undefined) return '';
  const text = code(`--${flagName(name)}`);
  if (flag.negatable) return `${text}, ${code(`--no-${flagName(name)}`)}`;
  return isRepeatable({ ...row, docs, flag } as FlagRow) ? `${text} (repeatable)` : text;
}

function defaultText({ default: value, defaultText: text }: OptionRow): string {
  if (text !== undefined) return text;
  if (value === undefined) return '';
  if (typeof value === 'string') return code(value);
  return code(JSON.stringify(value).replaceAll('"', "'"));
}

/** Formats a Markdown table as prettier does. */
function format(rows: readonly (readonly string[])[]): string {
  const widths = HEADER.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[], filler: string): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!, filler)).join(' | ')} |`;
  const [header, ...body] = rows.map((row) => line(row, ' '));
  const rule = line(
    widths.map(() => ''),
    '-',
  );
  return [header, rule, ...body].join('\n');
}
