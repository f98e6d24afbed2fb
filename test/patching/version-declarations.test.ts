import { versionDeclarations } from '../../src/patching/version-declarations';

type Files = Readonly<Record<string, readonly string[]>>;

const textsOf = (files: Files): Map<string, string> =>
  new Map(Object.entries(files).map(([path, lines]) => [path, lines.join('\n')]));

/** Returns the lines of files with both versions in them; `before` has the changed files alone. */
function versioned(before: Files, now: Files): Record<string, string[]> | null {
  const texts = textsOf(now);
  const result = versionDeclarations(
    { files: [...texts.keys()], textOf: (path) => texts.get(path) ?? null, before: textsOf(before) },
    'the-change',
  );
  return result && Object.fromEntries([...result].map(([path, text]) => [path, text.split('\n')]));
}

const IMPORT = "import { proxyActivities, patched } from '@temporalio/workflow';";
const GOES = "// Runs from before the patch 'the-change' go this way.";

describe('a changed function', () => {
  it('calls its old version, which stands below it, for runs from before the patch', () => {
    const before = [
      IMPORT,
      'export async function pay(id: string) {',
      '  await a(id);',
      '  await b(id);',
      '}',
    ];
    const now = [IMPORT, 'export async function pay(id: string) {', '  await b(id);', '  await a(id);', '}'];

    expect(versioned({ 'w.ts': before }, { 'w.ts': now })).toEqual({
      'w.ts': [
        IMPORT,
        'export async function pay(id: string) {',
        "  if (!patched('the-change')) return payBefore(id);",
        '  await b(id);',
        '  await a(id);',
        '}',
        '',
        GOES,
        'async function payBefore(id: string) {',
        '  await a(id);',
        '  await b(id);',
        '}',
      ],
    });
  });

  it('passes on an argument that its parameter takes apart', () => {
    const head = 'async function pay({ id, items }: Order, { fast } = defaults) {';
    const before = [IMPORT, head, '  await a(id);', '}'];
    const now = [IMPORT, head, '  await b(id);', '}'];

    expect(versioned({ 'w.ts': before }, { 'w.ts': now })!['w.ts']!.slice(1, 6)).toEqual([
      'async function pay(input: Order, options = defaults) {',
      "  if (!patched('the-change')) return payBefore(input, options);",
      '  const { id, items } = input;',
      '  const { fast } = options;',
      '  await b(id);',
    ]);
  });

  it('stays an arrow function with an expression', () => {
    const before = [IMPORT, 'const price = (n: number) => n * 2;'];
    const now = [IMPORT, 'const price = (n: number) => n * 3;'];

    expect(versioned({ 'w.ts': before }, { 'w.ts': now })!['w.ts']!.slice(1)).toEqual([
      "const price = (n: number) => (patched('the-change') ? n * 3 : priceBefore(n));",
      '',
      GOES,
      'const priceBefore = (n: number) => n * 2;',
    ]);
  });

  it('delegates to its old version in a generator', () => {
    const before = [IMPORT, 'function* steps(n: number) {', '  yield n;', '}'];
    const now = [IMPORT, 'function* steps(n: number) {', '  yield n + 1;', '}'];

    expect(versioned({ 'w.ts': before }, { 'w.ts': now })!['w.ts']![2]).toBe(
      "  if (!patched('the-change')) return yield* stepsBefore(n);",
    );
  });

  it('brings back the imports, functions and values that the old version needs', () => {
    const before = [
      IMPORT,
      "import { old as theOld } from './old';",
      'const WAIT = 5;',
      'async function pause() {',
      '  await theOld(WAIT);',
      '}',
      'export async function pay() {',
      '  await pause();',
      '}',
    ];
    const now = [IMPORT, 'export async function pay() {', '}'];

    expect(versioned({ 'w.ts': before }, { 'w.ts': now })!['w.ts']!.slice(0, 12)).toEqual([
      "import { old as theOld } from './old';",
      IMPORT,
      'const WAIT = 5;',
      '',
      'async function pause() {',
      '  await theOld(WAIT);',
      '}',
      '',
      'export async function pay() {',
      "  if (!patched('the-change')) return payBefore();",
      '}',
      '',
    ]);
  });

  it('keeps its name for child workflows and in calls, since it finds the old version itself', () => {
    const workflow = (call: string) => [
      IMPORT,
      'export async function child(n: number) {',
      `  ${call}`,
      '}',
      'export async function parent() {',
      `  await executeChild(child);${call}`,
      '}',
    ];

    const result = versioned({ 'w.ts': workflow('a();') }, { 'w.ts': workflow('b();') })!['w.ts']!;

    expect(result.filter((line) => line.includes('executeChild'))).toEqual([
      '  await executeChild(child);b();',
      '  await executeChild(child);a();',
    ]);
  });

  it('takes an argument apart in a block, where it was an expression', () => {
    const code = (value: string) => [IMPORT, `const f = ({ n }: A): B => ({ v: ${value} });`];

    expect(versioned({ 'w.ts': code('n') }, { 'w.ts': code('n + 1') })!['w.ts']!.slice(1, 6)).toEqual([
      'const f = (input: A): B => {',
      "  if (!patched('the-change')) return fBefore(input);",
      '  const { n } = input;',
      '  return { v: n + 1 };',
      '};',
    ]);
  });

  it('gets no version if it has fewer parameters than before', () => {
    const code = (head: string) => [IMPORT, `function ${head} {}`];

    expect(versioned({ 'w.ts': code('pay(a: A, b: B)') }, { 'w.ts': code('pay(a: A)') })).toBeNull();
  });

  it('brings back an import that another change removed', () => {
    const now = [IMPORT, 'const act = () => b();'];
    const before = [IMPORT, 'const act = () => old();'];
    const earlier = [IMPORT, "import { old } from './old';", 'const act = () => old();'];

    const texts = versionDeclarations(
      {
        files: ['w.ts'],
        textOf: () => now.join('\n'),
        before: new Map([['w.ts', before.join('\n')]]),
        earlier: new Map([['w.ts', earlier.join('\n')]]),
      },
      'the-change',
    );

    expect(texts!.get('w.ts')!.split('\n').slice(0, 2)).toEqual(["import { old } from './old';", IMPORT]);
  });
});

describe('a changed value', () => {
  it('is chosen where functions read it, also in other modules', () => {
    const code = [
      "import { patched } from '@temporalio/workflow';",
      "import { LIMIT } from './limits';",
      "import * as limits from './limits.js';",
      'export async function run() {',
      '  for (let i = 0; i < LIMIT; i++) await sleep(limits.DELAY);',
      '  return { LIMIT };',
      '}',
    ];
    const limits = (n: number) => [`export const LIMIT = ${n};`, 'export const DELAY = LIMIT * 1000;'];

    expect(
      versioned({ '/w/limits.ts': limits(5) }, { '/w/limits.ts': limits(7), '/w/run.ts': code }),
    ).toEqual({
      '/w/limits.ts': [
        'export const LIMIT = 7;',
        'export const LIMIT_BEFORE = 5;',
        'export const DELAY = LIMIT * 1000;',
        'export const DELAY_BEFORE = LIMIT_BEFORE * 1000;',
      ],
      '/w/run.ts': [
        "import { patched } from '@temporalio/workflow';",
        "import { LIMIT } from './limits';",
        "import { LIMIT_BEFORE } from './limits';",
        "import * as limits from './limits.js';",
        'export async function run() {',
        "  for (let i = 0; i < (patched('the-change') ? LIMIT : LIMIT_BEFORE); i++) await sleep(patched('the-change') ? limits.DELAY : limits.DELAY_BEFORE);",
        "  return { LIMIT: patched('the-change') ? LIMIT : LIMIT_BEFORE };",
        '}',
      ],
    });
  });

  it('is chosen for each name of a pattern', () => {
    const code = (proxy: string) => [
      IMPORT,
      `const { charge, ship: send } = ${proxy}<typeof activities>({ startToCloseTimeout: '1m' });`,
      'const act = () => charge(send);',
    ];

    expect(
      versioned({ 'w.ts': code('proxyActivities') }, { 'w.ts': code('proxyLocalActivities') })![
        'w.ts'
      ]!.slice(2),
    ).toEqual([
      "const { charge: chargeBefore, ship: sendBefore } = proxyActivities<typeof activities>({ startToCloseTimeout: '1m' });",
      "const act = () => (patched('the-change') ? charge : chargeBefore)(patched('the-change') ? send : sendBefore);",
    ]);
  });

  it('is chosen if it is imported from elsewhere', () => {
    const code = (from: string) => [IMPORT, `import { rate } from '${from}';`, 'const pay = () => rate();'];

    expect(versioned({ 'w.ts': code('./old') }, { 'w.ts': code('./new') })!['w.ts']!.slice(1)).toEqual([
      "import { rate } from './new';",
      "import { rate as rateBefore } from './old';",
      "const pay = () => (patched('the-change') ? rate : rateBefore)();",
    ]);
  });

  it('gets no version if functions write it', () => {
    const code = (n: number) => [IMPORT, `let count = ${n};`, 'const next = () => count++;'];

    expect(versioned({ 'w.ts': code(1) }, { 'w.ts': code(2) })).toBeNull();
  });
});

it('takes names that are free', () => {
  const code = (n: number) => [IMPORT, `const payBefore = 1;`, `const pay = () => ${n};`];

  expect(versioned({ 'w.ts': code(1) }, { 'w.ts': code(2) })!['w.ts']!.at(-1)).toBe(
    'const payBefore2 = () => 1;',
  );
});

it('leaves code alone whose difference is in types, in comments or in code that cannot be parsed', () => {
  const code = (type: string) => [IMPORT, `type A = ${type};`, 'const pay = () => 1;'];

  expect(versioned({ 'w.ts': code('1') }, { 'w.ts': code('2') })).toBeNull();
  expect(versioned({ 'w.ts': code('1 // one') }, { 'w.ts': code('1') })).toBeNull();
  expect(versioned({ 'w.ts': ['const ='] }, { 'w.ts': code('1') })).toBeNull();
});
