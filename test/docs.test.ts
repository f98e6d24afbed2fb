import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { withOptionTables } from '../scripts/option-tables';
import { commentsOf } from './helpers/comments';
import { DIFFERENCE_KINDS, REMEDY_CODES } from '../src/model/diagnosis';
import { VERDICTS } from '../src/model/verdict';

const ROOT = join(__dirname, '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const parsed = (path: string): ts.SourceFile =>
  ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true);

const OPTIONS = parsed('src/options/types.ts');
const CONFIGURATION = read('docs/configuration.md');
const DIAGNOSIS = read('docs/diagnosis.md');
const VERDICTS_PAGE = read('docs/verdicts.md');

/** Returns the property names of an interface and of those that it extends. */
function keysOf(name: string): string[] {
  const declaration = OPTIONS.statements.find(
    (node): node is ts.InterfaceDeclaration => ts.isInterfaceDeclaration(node) && node.name.text === name,
  );
  if (!declaration) throw new Error(`src/options/types.ts has no interface ${name}`);
  const inherited = (declaration.heritageClauses ?? []).flatMap(({ types }) =>
    types.flatMap(({ expression }) => keysOf(expression.getText())),
  );
  return [...inherited, ...declaration.members.flatMap((member) => member.name?.getText() ?? [])];
}

/** Returns the section from its heading to the next one of the same level. */
function sectionOf(text: string, heading: string): string {
  const section = text.split(/^(?=## )/m).find((part) => part.startsWith(`## ${heading}\n`));
  if (section === undefined) throw new Error(`there is no section ${heading}`);
  return section;
}

/** Returns the cells of every table row whose first cell is exactly the name, as code. */
const rowsOf = (text: string, name: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter((cells) => cells[1] === `\`${name}\``);
const missingRows = (text: string, names: readonly string[]): string[] =>
  names.filter((name) => rowsOf(text, name).length === 0);

const resultCodes = readdirSync(join(ROOT, 'src/replay'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) =>
    [...read(join('src/replay', file)).matchAll(/code: '([A-Z_]+)'/g)].map(([, code]) => code!),
  );

const errorCodes = [...read('src/errors.ts').matchAll(/^ {2}([A-Z_]+): \{\s*exitCode: (\d+)/gm)].map(
  ([, code, exitCode]) => ({ code: code!, exitCode: exitCode! }),
);

describe('docs/configuration.md', () => {
  it('has the option tables that `npm run docs:options` prints', () => {
    expect(CONFIGURATION).toBe(withOptionTables(CONFIGURATION));
    expect(CONFIGURATION.match(/^<!-- options: \w+ -->$/gm)).toHaveLength(5);
  });

  it('has a row for every option of the config file', () => {
    const keys = keysOf('ReplayConfig');
    expect(keys).toEqual(expect.arrayContaining(['workflowsPath', 'projects', 'timeout']));
    const elsewhere = CONFIGURATION.replace(sectionOf(CONFIGURATION, 'Fetch'), '');
    expect(missingRows(elsewhere, keys)).toEqual([]);
  });

  it('has a row for every option of a fetch', () => {
    const keys = keysOf('FetchOptions');
    expect(keys).toEqual(expect.arrayContaining(['address', 'query', 'gzip']));
    expect(missingRows(sectionOf(CONFIGURATION, 'Fetch'), keys)).toEqual([]);
  });

  it('has a row for every code of an error, with its exit code', () => {
    expect(errorCodes.length).toBeGreaterThan(10);
    const section = sectionOf(CONFIGURATION, 'Errors');
    const documented = errorCodes.map(({ code }) => ({ code, exitCode: rowsOf(section, code)[0]?.[2] }));
    expect(documented).toEqual(errorCodes);
  });
});

describe('docs/verdicts.md', () => {
  it('has a row for every verdict', () => {
    expect(missingRows(VERDICTS_PAGE, Object.keys(VERDICTS))).toEqual([]);
  });

  it('has a row for every error code of a result', () => {
    expect(resultCodes).toEqual(expect.arrayContaining(['TIMEOUT', 'WORKFLOW_TASK_FAILED']));
    expect(missingRows(sectionOf(VERDICTS_PAGE, '`error.code` of a result'), resultCodes)).toEqual([]);
  });

  it('names every path under which drift is reported', () => {
    const source = read('src/replay/verdict/drift.ts');
    const paths = [...source.matchAll(/\bdiff[A-Z]\w*\(\s*'([\w.]+)'/g)].map(([, path]) => path!);
    expect(paths).toEqual(expect.arrayContaining(['taskQueue', 'startToFireTimeout']));
    const names = new Set(['earlier', ...paths.map((path) => path.split('.')[0]!)]);
    const section = sectionOf(VERDICTS_PAGE, 'Drift');
    expect([...names].filter((name) => !new RegExp(`\`${name}\\b`).test(section))).toEqual([]);
  });
});

describe('docs/diagnosis.md', () => {
  it('has a row for every kind of difference', () => {
    const section = sectionOf(DIAGNOSIS, 'Kinds of difference');
    expect(DIFFERENCE_KINDS.filter((kind) => !section.includes(`\`${kind}\``))).toEqual([]);
  });

  it('has a row for every remedy in the section that the model refers to', () => {
    expect(read('src/model/diagnosis.ts')).toContain('docs/diagnosis.md#remedies');
    expect(missingRows(sectionOf(DIAGNOSIS, 'Remedies'), REMEDY_CODES)).toEqual([]);
  });
});

describe('the links between the documents', () => {
  const slug = (heading: string): string =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-');
  const documents = readdirSync(join(ROOT, 'docs')).filter((file) => file.endsWith('.md'));

  it.each(documents)('lead somewhere from docs/%s', (file) => {
    const links = [...read(`docs/${file}`).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)];
    for (const [, path, anchor] of links) {
      const target = read(join('docs', path || file));
      if (!anchor) continue;
      const anchors = [...target.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => slug(heading!));
      expect(anchors).toContain(anchor);
    }
  });
});

describe('the paths that docs and comments cite', () => {
  const PATH =
    /(?<![\w./@-])(?:src|test|docs|bench|scripts|demo|examples|schemas|templates|decisions)\/[\w./-]*\w/g;
  /** Files of a user's service, by the names that the examples in docs and comments give them. */
  const OF_A_USER = /^src\/(?:workflows|orders?|data-converter|worker-options\.ts)\b/;
  const missing = (text: string): string[] =>
    (text.match(PATH) ?? []).filter((path) => !OF_A_USER.test(path) && !existsSync(join(ROOT, path)));
  const filesBelow = (folder: string, extension: RegExp): string[] =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => extension.test(file))
      .map((file) => join(folder, file));

  it.each([
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    ...filesBelow('docs', /\.md$/),
    ...filesBelow('decisions', /\.md$/),
  ])('exist, in %s', (file) => {
    expect(missing(read(file))).toEqual([]);
  });

  it('exist, in the comments of src', () => {
    const cited = filesBelow('src', /\.m?ts$/).flatMap((file) =>
      commentsOf(file, read(file)).flatMap(({ line, text }) =>
        missing(text).map((path) => `${file}:${line} ${path}`),
      ),
    );

    expect(cited).toEqual([]);
  });
});
