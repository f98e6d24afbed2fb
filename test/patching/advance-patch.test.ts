import { applyEdits } from '../../lib/patching/text-edits';
import { isWhole } from '../helpers/extent';
import { advance, casesIn, textsAfter } from './advanced';
import { generatedWorkflow, logOf } from './generated-workflow';

const WORKFLOW = "'@temporalio/workflow'";
const HEAD = `import { patched, deprecatePatch } from ${WORKFLOW};\nexport async function order(a, b) {\n`;
/** Keeps the imports in use. */
const END = "\n}\nexport const others = () => [patched('other'), deprecatePatch('other')];\n";

const indented = (body: string): string => body.replace(/^(?=.)/gm, '  ');
const workflowOf = (body: string): string => (body === '' ? HEAD.trimEnd() : HEAD + indented(body)) + END;

/** Returns the bodies of a workflow after each candidate. */
const bodiesAfter = (body: string): string[] =>
  textsAfter({ '/w.ts': workflowOf(body) }).map(({ files }) => files['/w.ts']!);

/** Reads files from lines `--- path` with the text of each below. */
const filesOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split(/^--- /m)
      .slice(1)
      .map((part) => {
        const [path, ...lines] = part.trimEnd().split('\n');
        return [`/${path}`, `${lines.join('\n')}\n`];
      }),
  );

const reasonOf = (text: string, file = '/w.ts'): string | undefined => {
  const result = advance({ [file]: text });
  return 'reason' in result ? result.reason : undefined;
};

describe('from patched() to deprecatePatch()', () => {
  it.each(casesIn('deprecate.txt'))('changes $name', ({ before, after }) => {
    expect(bodiesAfter(before)).toEqual(after.map(workflowOf));
  });

  it.each(casesIn('files.txt'))('changes $name', ({ before, after }) => {
    const files = filesOf(before);
    expect(textsAfter(files)[0]!.files).toEqual({ ...files, ...filesOf(after[0]!) });
  });

  it('keeps exports that only the old way used, `export import` among them', () => {
    const before = `import { patched } from ${WORKFLOW};
import * as steps from './steps';
export import pay = steps.pay;
export const old = () => 1;
export const order = () => (patched('x') ? 2 : pay(old()));
`;
    const { files } = textsAfter({ '/w.ts': before })[0]!;

    expect(files['/w.ts']).toContain('export import pay = steps.pay;\nexport const old = () => 1;\n');
  });

  it('keeps the line ends of Windows and tabs', () => {
    const before = [
      `import { patched } from ${WORKFLOW};`,
      'export async function order() {',
      "\tif (patched('x')) {",
      '\t\tawait fee(`one',
      '\t\t\ttwo`);',
      '\t}',
      '}',
      '',
    ];
    const after = [
      `import { deprecatePatch } from ${WORKFLOW};`,
      'export async function order() {',
      "\tdeprecatePatch('x');",
      '\tawait fee(`one',
      '\t\t\ttwo`);',
      '}',
      '',
    ];

    expect(textsAfter({ '/w.ts': before.join('\r\n') })[0]!.files['/w.ts']).toBe(after.join('\r\n'));
  });

  it('starts lines in code without semicolons so that they stay apart', () => {
    const before = ['const c = a', "if (patched('x')) {", '  [b].map(c)', '}', '(a || b)()'].join('\n');
    const after = ['const c = a', "deprecatePatch('x');", '[b].map(c)', ';(a || b)()'].join('\n');

    expect(bodiesAfter(before)).toEqual([workflowOf(after)]);
  });

  it('changes the calls of one id alone', () => {
    const [only] = textsAfter({ '/w.ts': workflowOf("if (patched('y') && patched('x')) await fee();") }, 'y');

    expect(only!.files['/w.ts']).toBe(workflowOf("deprecatePatch('y');\nif (patched('x')) await fee();"));
  });

  it('writes an id that has quotes as a literal', () => {
    const before = `import { patched } from ${WORKFLOW};
const ID = "it's";
export function isNew() {
  return patched(ID);
}
export const order = () => isNew();
`;
    const { files } = textsAfter({ '/w.ts': before }, "it's")[0]!;

    expect(files['/w.ts']).toContain(String.raw`order = () => (deprecatePatch('it\'s'), true);`);
    expect(files['/w.ts']).toContain('  deprecatePatch(ID);\n  return true;');
  });

  it.each([
    ['an awaited call', "if (await patched('x')) fee();"],
    ['a call with one of several ids', "if (patched(a ? 'x' : 'y')) fee();"],
    [
      'a function that does more than to return the patch',
      "const has = (id) => { log(id); return patched(id); };\nif (has('x')) fee();",
    ],
    [
      'an asynchronous function that takes the id',
      "const has = async (id) => patched(id);\nif (has('x')) fee();",
    ],
    [
      'a function that takes the id and changes',
      "let has = (id) => patched(id);\nhas = other;\nif (has('x')) fee();",
    ],
    ['a method of another object', "if (this.patched('x')) fee();"],
    ['an argument that does something', "const has = (id, n) => patched(id);\nif (has('x', a())) fee();"],
    [
      'a variable of the old branch that other code uses',
      "if (patched('x')) fee(); else { var n = 1; }\npay(n);",
    ],
    ['a name that hides the import', "await pay((deprecatePatch) => (patched('x') ? a : b));"],
  ])('gives a reason for %s', (_, body) => {
    expect(reasonOf(workflowOf(body))).toMatch(/^(The|It) .*\.$/);
  });

  it('gives a reason for a function of another package, for invalid code, and for code without a call', () => {
    expect(reasonOf("import { patched } from 'other';\nexport const order = () => patched('x');")).toMatch(
      'It is not sure that the call does nothing but patched().',
    );
    expect(reasonOf(workflowOf("const c = patched('x');\nconst c = 1;"))).toMatch(/^The file cannot be read/);
    expect(advance({ '/w.ts': workflowOf('') })).toMatchObject({
      reason: "The code has no call with the id 'x'.",
      at: null,
    });
  });

  it('says which call a reason is about', () => {
    expect(advance({ '/w.ts': workflowOf("fee();\nif (await patched('x')) fee();") })).toMatchObject({
      at: { file: '/w.ts', line: 4 },
    });
  });
});

describe('from deprecatePatch() to no call', () => {
  it.each(casesIn('remove.txt'))('takes out $name', ({ before, after }) => {
    expect(bodiesAfter(before)).toEqual(after.map(workflowOf));
  });

  it('keeps a comment in which the id is a part of a word', () => {
    const [after] = bodiesAfter("// The axe comes first.\ndeprecatePatch('x');\nawait fee();");

    expect(after).toBe(workflowOf('// The axe comes first.\nawait fee();'));
  });

  it('leaves calls with other ids', () => {
    expect(bodiesAfter("deprecatePatch('x');\ndeprecatePatch('y');")).toEqual([
      workflowOf("deprecatePatch('y');"),
    ]);
  });

  it('takes out the import, a constant with the id, and what other modules ask', () => {
    const files = {
      '/over.ts': `import { deprecatePatch } from ${WORKFLOW};

const FEE = 'x';

export const feeIsOver = () => deprecatePatch(FEE);

export const useFee = () => (deprecatePatch(FEE), true);
`,
      '/w.ts': `import { feeIsOver } from './over';
import { pay } from './pay';

export async function order() {
  feeIsOver();
  await pay();
}
`,
    };

    expect(textsAfter(files)).toEqual([
      {
        order: 'same',
        files: {
          '/over.ts': 'export const feeIsOver = () => {};\n\nexport const useFee = () => true;\n',
          '/w.ts': `import { pay } from './pay';

export async function order() {
  await pay();
}
`,
        },
      },
    ]);
  });

  it('takes out what the step before has written', () => {
    const before = workflowOf(
      "if (a && patched('x')) {\n  await fee(b, patched('x'));\n} else {\n  await old();\n}",
    );
    const [first] = textsAfter({ '/w.ts': before });
    const [second] = textsAfter(first!.files);

    expect(second!.files['/w.ts']).toBe(
      workflowOf('if (a) {\n  await fee(b, true);\n} else {\n  await old();\n}'),
    );
  });

  it('gives a reason for an awaited call', () => {
    expect(reasonOf(workflowOf("await deprecatePatch('x');"))).toBe(
      'The call stands after await, which deprecatePatch() does not need.',
    );
  });
});

/** Number of programs, each of which runs before and after; every night there are more. */
const PROGRAMS = isWhole ? 1_000 : 60;

it('leaves generated programs doing the same, whatever the position of the call', async () => {
  const withoutMarks = (log: readonly string[]): string[] => log.filter((entry) => entry !== 'mark');
  let changed = 0;
  for (let seed = 0; seed < PROGRAMS; seed++) {
    const text = generatedWorkflow(seed);
    const found = advance({ '/w.js': text });
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
