import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import ts from 'typescript';
import { withOptionTables } from '../scripts/option-tables';
import { commentsOf } from './helpers/comments';
import { ERROR_CODES } from '../src/errors';
import { sectionsOf } from '../src/explain/markdown';
import { HISTORY_PROBLEM_CODES } from '../src/history/formats/problem';
import { DIFFERENCE_KINDS, REMEDY_CODES } from '../src/model/diagnosis';
import { RESULT_ERROR_CODES } from '../src/model/result-error';
import { VERDICTS } from '../src/model/verdict';

const ROOT = join(__dirname, '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const parsed = (path: string): ts.SourceFile =>
  ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true);

/** The pages of the documentation. */
const PAGES = readdirSync(join(ROOT, 'docs'))
  .filter((file) => file.endsWith('.md'))
  .map((file) => `docs/${file}`);

/** Returns the texts of the sources in a folder and below. Scratch files come and go while other tests run. */
const sourcesBelow = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'scratch' ? [] : sourcesBelow(path);
    return entry.name.endsWith('.ts') ? [read(path)] : [];
  });

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
    expect(CONFIGURATION.match(/^<!-- options: \w+ -->$/gm)).toHaveLength(7);
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

describe('the links of the documents', () => {
  const DOCUMENTS = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', ...PAGES];
  const LINK = /\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)|(?:src|srcset)="([^"]+)"/g;
  /** Text without code, which may look like a link. */
  const proseOf = (text: string): string =>
    text.replace(/^( *)```[\s\S]*?^\1```/gm, '').replace(/`[^`\n]*`/g, '`');

  it.each(DOCUMENTS)('lead somewhere from %s', (file) => {
    const broken = [...proseOf(read(file)).matchAll(LINK)].flatMap(([link, path, anchor, image]) => {
      const target = join(dirname(file), path || image || basename(file));
      if (!existsSync(join(ROOT, target))) return [link];
      const isFound = !anchor || sectionsOf(read(target)).some((section) => section.anchor === anchor);
      return isFound ? [] : [link];
    });

    expect(broken).toEqual([]);
  });

  it('lead from the index to each page', () => {
    const linked = [...read('docs/README.md').matchAll(/\]\(([^)#]+)/g)].map(([, path]) => `docs/${path}`);

    expect(PAGES.filter((page) => page !== 'docs/README.md' && !linked.includes(page))).toEqual([]);
    expect(read('README.md')).toContain('(docs/README.md)');
  });
});

describe('the names that the documents quote', () => {
  const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', ...PAGES];
  const CODE = [
    // The variables that all Temporal tools read.
    read('node_modules/@temporalio/envconfig/lib/envconfig-toml.js'),
    read('action.yml'),
    read('package.json'),
    ...sourcesBelow('src'),
    ...sourcesBelow('test'),
  ].join('\n');
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  /** The script that `replay init` writes into the package of a service. */
  const SCRIPTS_OF_USER = ['replay'];

  it.each(DOCUMENTS)('are scripts of the package, in %s', (file) => {
    const named = [...read(file).matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name]) => name!);

    expect(named.filter((name) => !(name in scripts) && !SCRIPTS_OF_USER.includes(name))).toEqual([]);
  });

  it.each(DOCUMENTS)('are codes and variables of the code, in %s', (file) => {
    const named = [...read(file).matchAll(/`([A-Z]{2,}(?:_[A-Z]+)+)`/g)].map(([, name]) => name!);

    expect(named.filter((name) => !CODE.includes(name))).toEqual([]);
  });
});

describe('the package', () => {
  it('contains the folder of the documents', () => {
    const { files } = JSON.parse(read('package.json')) as { files: string[] };

    expect(files).toContain('docs');
  });
});

describe('docs/troubleshooting.md', () => {
  const TEXT = read('docs/troubleshooting.md');
  const SOURCES = [read('action.yml'), ...sourcesBelow('src')].join('\n');

  it('quotes messages as the code has them', () => {
    const messages = [...TEXT.matchAll(/^```\n([\s\S]*?)\n```$/gm)].map(([, message]) => message!);
    const parts = messages
      .flatMap((message) => message.split(/…|@temporalio\/\w+/))
      .map((part) => part.trim());

    expect(messages.length).toBeGreaterThan(10);
    expect(parts.filter((part) => part.length > 1 && !includesMessage(SOURCES, part))).toEqual([]);
  });

  it('names only codes that exist', () => {
    const codes = [...TEXT.matchAll(/^#+ .*\(`([A-Z_]+)`\)$/gm)].map(([, code]) => code!);
    const known = [...ERROR_CODES, ...RESULT_ERROR_CODES, ...HISTORY_PROBLEM_CODES] as readonly string[];

    expect(codes.length).toBeGreaterThan(10);
    expect(codes.filter((code) => !known.includes(code))).toEqual([]);
  });
});

/** Returns true if the code has the text, also where it chooses a verb by number. */
const includesMessage = (code: string, text: string): boolean =>
  code.includes(text) || code.includes(text.replace(/^(?:is|are) /, '${verb} '));

describe('the paths that docs and comments cite', () => {
  const PATH =
    /(?<![\w./@-])(?:src|test|docs|bench|scripts|demo|examples|schemas|templates|decisions)\/[\w./-]*\w/g;
  /** Files of a user's service, by the names that the examples in docs and comments give them. */
  const OF_A_USER =
    /^(?:src\/(?:workflows|activities\.ts|orders?|data-converter|worker-options\.ts)|test\/order\.test\.ts)\b/;
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
