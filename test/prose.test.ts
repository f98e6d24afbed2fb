/** Checks what a linter does not: that comments open with a subject and use plain words, and that lines of docs are short. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Comment, commentsOf } from './helpers/comments';

const ROOT = join(__dirname, '..');
const tracked = (...patterns: string[]): string[] =>
  execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...patterns], {
    cwd: ROOT,
    encoding: 'utf8',
  })
    .split('\0')
    .filter((file) => file !== '');

/** Source files. Workflow code of test services is left out, since recorded histories hold its lines. */
const SOURCES = tracked('*.ts', '*.mts', '*.js', '*.mjs', '*.cjs').filter(
  (file) => !/\/(fixtures|services?)\//.test(file),
);

/** Words that open a clause instead of a sentence or a noun phrase. */
const CLAUSE = /^(?:What|Whatever|Whether|Whose|Which|Who|Whoever|That|Nobody|Somebody|Else|Unset)\b/;
/** Words that may open a sentence only if a comma ends their phrase: "By default, values are shown." */
const PHRASE = /^(?:Of|So|Where|Within|By(?! default)|As|Than|Like)\b/;
/** Values without a verb: "Null where there is none" for "Returns null if there is none". */
const VALUE = /^(?:Null|Empty|Undefined)(?: (?:for|where|when|if|in|as|on|after|before|without)\b|[,:;.]|$)/;
const BOOLEAN = /^(?:True|False)\b(?! (?:if|for|when|unless|once|while|to)\b)/;

const RIDDLE =
  /\b(?:nobody|whoever|somebody|anybody|what is to come|(?:is|are|was|were|been?) told(?! apart)|go(?:es)? on with|hears? of|says? of|in vain|just now)\b/i;

/** Returns what is wrong with a comment, or null. */
function fault({ text }: Comment): string | null {
  const [sentence = ''] = text.split(/(?<=[.:;!?]) /);
  if (CLAUSE.test(text) || VALUE.test(text) || BOOLEAN.test(text)) return 'opens without a subject';
  if (PHRASE.test(text) && !/, /.test(sentence)) return 'opens without a subject';
  // Code within a comment is not prose.
  const riddle = RIDDLE.exec(text.replace(/`[^`]*`/g, ''));
  return riddle && `has the words "${riddle[0]}"`;
}

const faultsOf = (file: string): string[] =>
  commentsOf(file, readFileSync(join(ROOT, file), 'utf8')).flatMap((comment) => {
    const found = fault(comment);
    return found ? [`${file}:${comment.line} ${found}: ${comment.text.slice(0, 100)}`] : [];
  });

describe('the check of comments', () => {
  const faults = (source: string): (string | null)[] => commentsOf('a.ts', source).map(fault);

  it.each([
    'Of a run.',
    'What the run returned.',
    'Whether it fails.',
    'True where it fails.',
    'Null where there is none.',
    'So that it ends.',
    'Who asks is told.',
  ])('finds an opening without a subject: %s', (text) => {
    expect(faults(`/** ${text} */\nconst a = 1;`)).toEqual(['opens without a subject']);
  });

  it.each([
    'By default, values are hidden.',
    'True if the run fails.',
    'Returns null if there is none.',
    'Empty arrays are left out.',
    '`nobody` is the name of a task queue.',
  ])('accepts %s', (text) => {
    expect(faults(`/** ${text} */\nconst a = 1;`)).toEqual([null]);
  });

  it('finds words that hide who does what, in each comment of a file', () => {
    const source = 'f(() => {\n  // The test is\n  // told of it.\n}); // Nobody waits.\n';

    expect(faults(source)).toEqual(['has the words "is told"', 'opens without a subject']);
  });
});

it('comments open with a subject, and use plain words', () => {
  expect(SOURCES.flatMap(faultsOf)).toEqual([]);
});

const MAX_COLUMNS = 100;

it.each(
  tracked('docs/*.md', 'decisions/*.md', 'README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'),
)('lines of %s are no longer than 100 characters, except in tables and code', (file) => {
  const text = readFileSync(join(ROOT, file), 'utf8').replace(/^( *)```[\s\S]*?^\1```/gm, '');
  const long = text
    .split('\n')
    .filter((line) => !line.startsWith('|') && [...line.replace(/\(?https?:\S+/g, '')].length > MAX_COLUMNS);

  expect(long).toEqual([]);
});
