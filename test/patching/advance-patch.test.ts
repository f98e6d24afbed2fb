import { type AdvancedPatch, advancePatch } from '../../lib/patching/advance-patch';
import { applyEdits } from '../../lib/patching/text-edits';
import { isWhole } from '../helpers/extent';
import { patchCallsInTexts } from '../helpers/parsed-modules';
import { generatedWorkflow, logOf } from './generated-workflow';

type Files = Record<string, string>;

/** Moves the patch `x` on in files. */
function advanced(files: Files): AdvancedPatch {
  const calls = patchCallsInTexts(files);
  return advancePatch('x', calls, { files: Object.keys(files), textOf: (path) => files[path] ?? null });
}

/** Returns the files after each of the edits that may move the patch on; the reason if none may. */
function afterEach(files: Files): Files[] | string {
  const found = advanced(files);
  if ('reason' in found) return found.reason;
  return found.candidates.map(({ edits }) =>
    Object.fromEntries(
      Object.entries(files).map(([path, text]) => {
        const own = edits.filter(({ file }) => file === path);
        return [path, own.length === 0 ? text : applyEdits(text.split('\n'), own)];
      }),
    ),
  );
}

const IMPORT = `import { patched } from '@temporalio/workflow';\n`;
const DEPRECATED = `import { deprecatePatch } from '@temporalio/workflow';\n`;
const workflow = (body: string): string => `export async function order() {\n${body}\n}\n`;

/** Returns the body of a workflow whose patch has moved on by the first of the edits. */
function bodyAfter(body: string, before = IMPORT, after = DEPRECATED): string {
  const files = afterEach({ '/w.ts': before + workflow(body) });
  if (typeof files === 'string') return files;
  const text = files[0]!['/w.ts']!;
  const [head, end] = [`${after}export async function order() {\n`, '\n}\n'];
  expect(text.startsWith(head)).toBe(true);
  return text.slice(head.length, -end.length);
}

describe('advancePatch, from patched() to deprecatePatch()', () => {
  it.each([
    ['an if', `  if (patched('x')) {\n    await a();\n  }`, `  deprecatePatch('x');\n  await a();`],
    [
      'an if with else',
      `  if (patched('x')) {\n    await a();\n  } else {\n    await b();\n  }`,
      `  deprecatePatch('x');\n  await a();`,
    ],
    [
      'an if without braces',
      `  if (patched('x')) await a();\n  else await b();`,
      `  deprecatePatch('x');\n  await a();`,
    ],
    [
      'a negated if',
      `  if (!patched('x')) {\n    await b();\n  }\n  await c();`,
      `  deprecatePatch('x');\n  await c();`,
    ],
    [
      'a negated if with else',
      `  if (!patched('x')) await b();\n  else await a();`,
      `  deprecatePatch('x');\n  await a();`,
    ],
    [
      'an early return of the old branch',
      `  if (!patched('x')) {\n    await b();\n    return;\n  }\n  await a();`,
      `  deprecatePatch('x');\n  await a();`,
    ],
    [
      'an early return of the new branch',
      `  if (patched('x')) {\n    return a();\n  }\n  await b();`,
      `  deprecatePatch('x');\n  return a();`,
    ],
    ['a ternary', `  await (patched('x') ? a() : b());`, `  deprecatePatch('x');\n  await a();`],
    [
      'an argument',
      `  await sleep(patched('x') ? '5m' : '1m');`,
      `  deprecatePatch('x');\n  await sleep('5m');`,
    ],
    [
      'a constant at the top',
      `  const isNew = patched('x');\n  await c();\n  if (isNew) await a();\n  else await b();`,
      `  deprecatePatch('x');\n  await c();\n  await a();`,
    ],
    [
      'a condition beside it',
      `  if (patched('x') && isLarge) await a();`,
      `  deprecatePatch('x');\n  if (isLarge) await a();`,
    ],
    ['a comparison', `  if (patched('x') === true) await a();`, `  deprecatePatch('x');\n  await a();`],
  ])('takes the old branch out of %s', (_, before, after) => {
    expect(bodyAfter(before)).toBe(after);
  });

  it('keeps the block of a branch whose names others have', () => {
    const body = `  const id = 1;\n  if (patched('x')) {\n    const id = 2;\n    await a(id);\n  }\n  await b(id);`;

    const after = bodyAfter(body);

    expect(after).toMatch(/\{\n {4}const id = 2;\n {4}await a\(id\);\n {2}\}/);
  });

  it('offers the place of the call first where other calls come before it', () => {
    const files = afterEach({
      '/w.ts': IMPORT + workflow(`  await Promise.all([a(), patched('x') ? b() : c()]);`),
    }) as Files[];

    expect(files.map((one) => one['/w.ts']!.replace(DEPRECATED, ''))).toEqual([
      workflow(`  await Promise.all([a(), (deprecatePatch('x'), b())]);`),
      workflow(`  deprecatePatch('x');\n  await Promise.all([a(), b()]);`),
    ]);
  });

  it('takes out helpers, constants and imports that only the old branch used, and no exported ones', () => {
    const files = afterEach({
      '/w.ts': `import { patched } from '@temporalio/workflow';
import { kept, old } from './steps';
export const LIMIT = 1;
async function before() {
  await old(LIMIT);
}
${workflow(`  if (patched('x')) await kept();\n  else await before();`)}`,
      '/steps.ts': 'export const kept = () => 1;\nexport const old = (n: number) => n;\n',
    }) as Files[];

    expect(files[0]).toEqual({
      '/w.ts': `import { deprecatePatch } from '@temporalio/workflow';
import { kept } from './steps';
export const LIMIT = 1;
${workflow(`  deprecatePatch('x');\n  await kept();`)}`,
      '/steps.ts': 'export const kept = () => 1;\nexport const old = (n: number) => n;\n',
    });
  });

  it('knows namespaces, ids that are constants, and line ends of Windows', () => {
    const text = [
      `import * as wf from '@temporalio/workflow';`,
      `const ID = 'x';`,
      `export async function order() {`,
      `  if (wf.patched(ID)) await wf.sleep(2);`,
      `  else await wf.sleep(1);`,
      `}`,
      '',
    ].join('\r\n');

    const [after] = afterEach({ '/w.ts': text }) as Files[];

    expect(after!['/w.ts']).toContain('  wf.deprecatePatch(ID);\r\n  await wf.sleep(2);');
  });
});

describe('advancePatch, from deprecatePatch() to nothing', () => {
  const body = (text: string): string => bodyAfter(text, DEPRECATED, '');

  it.each([
    ['a statement', `  deprecatePatch('x');\n  await a();`, `  await a();`],
    [
      'a statement with its comment',
      `  // The patch is deprecated since March.\n  deprecatePatch('x');\n  await a();`,
      `  await a();`,
    ],
    [
      'an expression',
      `  await Promise.all([a(), (deprecatePatch('x'), b())]);`,
      `  await Promise.all([a(), b()]);`,
    ],
  ])('takes out %s', (_, before, after) => {
    expect(body(before)).toBe(after);
  });

  it('leaves calls with other ids and their import', () => {
    const text = `  deprecatePatch('x');\n  deprecatePatch('y');`;

    expect(bodyAfter(text, DEPRECATED, DEPRECATED)).toBe(`  deprecatePatch('y');`);
  });
});

it('names the file of code that it cannot change, or the reason', () => {
  expect(advanced({ '/w.ts': workflow('  await a();') })).toMatchObject({
    reason: "The code has no call with the id 'x'.",
  });
});

/** Number of programs, each of which runs before and after; every night there are more. */
const PROGRAMS = isWhole ? 1_000 : 60;

it('leaves generated programs doing the same, whatever the position of the call', async () => {
  const withoutMarks = (log: readonly string[]): string[] => log.filter((entry) => entry !== 'mark');
  let changed = 0;
  for (let seed = 0; seed < PROGRAMS; seed++) {
    const text = generatedWorkflow(seed);
    const found = advanced({ '/w.js': text });
    if ('reason' in found) continue;
    for (const { edits, order } of found.candidates) {
      const after = applyEdits(text.split('\n'), edits);
      expect({ seed, isLeft: /patched\('x'\)/.test(after.replaceAll("deprecatePatch('x')", '')) }).toEqual({
        seed,
        isLeft: false,
      });
      for (const choices of [0, 1, 2]) {
        const [was, is] = [await logOf(text, choices), await logOf(after, choices)];
        if (was.some((entry) => /too long/.test(entry))) continue;
        const same = order === 'same';
        expect({ seed, log: same ? is : withoutMarks(is) }).toEqual({
          seed,
          log: same ? was : withoutMarks(was),
        });
      }
    }
    changed++;
  }
  expect(changed).toBeGreaterThan(PROGRAMS / 2);
}, 600_000);
