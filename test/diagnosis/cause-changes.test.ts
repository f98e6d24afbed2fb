import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importsFor, passageOfCause, undoneCause, versionedCause } from '../../src/diagnosis/cause-changes';
import type { FileHunk, FoundCause } from '../../src/model/cause';
import { applyEdits } from '../../src/patching/text-edits';
import { BundledSources } from '../../src/source/bundled-sources';

const FLOW = [
  "import { patched, sleep } from '@temporalio/workflow';",
  "import { LIMIT } from './limit';",
  'export async function flow() {',
  '  await b();',
  '  await a();',
  '  await sleep(LIMIT);',
  '}',
  'const other = () => 1;',
];
const LIMIT = ['export const LIMIT = 7;'];

const directory = mkdtempSync(join(tmpdir(), 'cause-changes-'));
beforeAll(() => {
  writeFileSync(join(directory, 'flow.ts'), FLOW.join('\n'));
  writeFileSync(join(directory, 'limit.ts'), LIMIT.join('\n'));
});
afterAll(() => rmSync(directory, { recursive: true }));

function sources(): BundledSources {
  const made = new BundledSources([]);
  jest.spyOn(made, 'files').mockReturnValue(['flow.ts', 'limit.ts'].map((file) => join(directory, file)));
  return made;
}

const hunk = (file: string, line: number, count: number, ...before: string[]): FileHunk => ({
  file: join(directory, file),
  line,
  count,
  before,
});
const cause = (...hunks: FileHunk[]): FoundCause => ({
  proven: true,
  since: 'c0ffee',
  hunks,
  packages: [],
  changes: hunks,
});

const MOVED = [hunk('flow.ts', 4, 1), hunk('flow.ts', 5, 0, '  await b();')];

describe('the passage of a cause', () => {
  it('spans all of its statements, as a moved one has two places', () => {
    expect(passageOfCause(cause(...MOVED), sources())).toEqual({
      file: join(directory, 'flow.ts'),
      line: 4,
      count: 2,
      now: ['  await b();', '  await a();'],
      before: ['  await a();', '  await b();'],
    });
  });

  it('has what was removed after a blank line', () => {
    const file = join(directory, 'blank.ts');
    writeFileSync(
      file,
      ['async function f() {', '  await b();', '  await a();', '', '  return 1;', '}'].join('\n'),
    );
    const moved = [hunk('blank.ts', 2, 1), hunk('blank.ts', 4, 0, '  await b();', '')];

    expect(passageOfCause(cause(...moved), sources())).toMatchObject({
      line: 2,
      count: 2,
      before: ['  await a();', '  await b();'],
    });
  });

  it('leaves out changed imports', () => {
    const withImport = cause(hunk('flow.ts', 2, 1, "import { WAIT } from './wait';"), ...MOVED);

    expect(passageOfCause(withImport, sources())).toMatchObject({ line: 4, count: 2 });
  });

  it.each([
    ['lies in two functions', [hunk('flow.ts', 4, 1), hunk('flow.ts', 8, 1, 'const other = () => 2;')]],
    ['lies in two files', [hunk('flow.ts', 4, 1), hunk('limit.ts', 1, 1, 'export const LIMIT = 5;')]],
    ['lies outside of functions', [hunk('limit.ts', 1, 1, 'export const LIMIT = 5;')]],
    ['is no code at all', []],
  ])('is null for one that %s', (_, hunks) => {
    expect(passageOfCause(cause(...hunks), sources())).toBeNull();
  });
});

describe('the versions of what a cause changed', () => {
  it('lie in each file that they concern', () => {
    const change = versionedCause(
      cause(hunk('limit.ts', 1, 1, 'export const LIMIT = 5;')),
      'limit-7',
      sources(),
    )!;

    const flow = change.edits.filter(({ file }) => file.endsWith('flow.ts'));
    const limit = change.edits.filter(({ file }) => file.endsWith('limit.ts'));
    expect(applyEdits(LIMIT, limit).split('\n')).toEqual([...LIMIT, 'export const LIMIT_BEFORE = 5;']);
    expect(applyEdits(FLOW, flow)).toContain("  await sleep(patched('limit-7') ? LIMIT : LIMIT_BEFORE);");
  });

  it('are null for a change that leaves no valid code if it is taken back', () => {
    expect(versionedCause(cause(hunk('flow.ts', 7, 1, '')), 'x', sources())).toBeNull();
  });
});

it('a name that is added to an import of several lines is not shown as code', () => {
  const lines = [
    'import {',
    '  sleep,',
    "} from '@temporalio/workflow';",
    'export async function flow() {',
    '  await sleep(7);',
    '}',
  ];
  writeFileSync(join(directory, 'limit.ts'), lines.join('\n'));
  const changed = cause(hunk('limit.ts', 5, 1, '  await sleep(5);'));

  const { edits, snippet } = versionedCause(changed, 'later', sources())!;
  writeFileSync(join(directory, 'limit.ts'), LIMIT.join('\n'));

  expect(applyEdits(lines, edits)).toMatch(/^import \{\n {2}sleep,\n {2}patched,\n\}/);
  expect(snippet).toContain("patched('later')");
  expect(snippet).not.toMatch(/^ *patched,$/m);
});

it('a cause can be undone', () => {
  const { edits } = undoneCause(cause(...MOVED), sources())!;

  expect(applyEdits(FLOW, edits).split('\n').slice(3, 5)).toEqual(['  await a();', '  await b();']);
});

it('code of before gets the imports that its file no longer has', () => {
  const changes = [
    hunk('flow.ts', 1, 1, "import { executeChild, patched, sleep } from '@temporalio/workflow';"),
  ];

  const edits = importsFor(['  await executeChild(b);'], join(directory, 'flow.ts'), changes, sources());

  expect(applyEdits(FLOW, edits).split('\n')[0]).toBe("import { executeChild } from '@temporalio/workflow';");
});
