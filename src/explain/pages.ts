import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Section, codeSpansIn, sectionsOf, tableRowsIn } from './markdown';

/** The documents of this package, which are part of it. */
const DOCS = resolve(__dirname, '../../docs');

/** The tables with a row for each name, by the heading that they stand below. */
const TABLES = [
  { kind: 'error code', file: 'configuration.md', heading: 'Errors' },
  { kind: 'verdict', file: 'verdicts.md', heading: 'Verdicts' },
  { kind: 'error code of a result', file: 'verdicts.md', heading: '`error.code` of a result' },
  { kind: 'code of a history that cannot be replayed', file: 'histories.md', heading: 'Refused' },
  { kind: 'kind of difference', file: 'diagnosis.md', heading: 'Kinds of difference' },
  { kind: 'remedy', file: 'diagnosis.md', heading: 'Remedies' },
] as const;

export type PageKind = (typeof TABLES)[number]['kind'];

/** A passage of the documents about a name: a row of a table, or a section. */
export interface Passage {
  /** Path of the document, and the link within it. */
  path: string;
  file: string;
  anchor: string;
  content:
    | { type: 'row'; kind: PageKind; cells: readonly (readonly [head: string, text: string])[] }
    | { type: 'section'; title: string; lines: readonly string[] };
}

/** Every name that has a page, with the passages about it: first rows of tables, then the sections that name it in their heading. */
export type Pages = ReadonlyMap<string, readonly Passage[]>;

/** Reads the pages of all error codes, verdicts, kinds of difference and remedies from the documents. */
export function readPages(directory = DOCS): Pages {
  const documents = readdirSync(directory)
    .filter((file) => file.endsWith('.md'))
    .map((file) => {
      const path = join(directory, file);
      return { file, path, sections: sectionsOf(readFileSync(path, 'utf8')) };
    });
  const pages = new Map<string, Passage[]>();
  for (const { kind, file, heading } of TABLES) {
    const document = documents.find((one) => one.file === file);
    const section = document?.sections.find(({ title }) => title === heading);
    if (!document || !section) continue;
    for (const { names, cells } of tableRowsIn(ownLines(section)))
      for (const name of names)
        pages.set(name, [
          ...(pages.get(name) ?? []),
          { path: document.path, file, anchor: section.anchor, content: { type: 'row', kind, cells } },
        ]);
  }
  for (const { file, path, sections } of documents)
    for (const { title, anchor, lines } of sections)
      for (const name of codeSpansIn(title))
        pages.get(name)?.push({ file, path, anchor, content: { type: 'section', title, lines } });
  return pages;
}

/** Returns the lines of a section without those of the sections below it. */
function ownLines({ lines }: Section): readonly string[] {
  const next = lines.findIndex((line) => line.startsWith('#'));
  return next === -1 ? lines : lines.slice(0, next);
}
