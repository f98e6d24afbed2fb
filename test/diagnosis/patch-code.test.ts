/** The place and code of the suggested patch. patch-applies.test.ts shows that it makes histories pass. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { patchChangesFor } from '../../src/diagnosis/patch-code';
import { applyEdits } from '../../src/patching/text-edits';
import { BundledSources } from '../../src/source/bundled-sources';
import type { ReplayTrace } from '../../src/model/diagnosis';
import type { SourceLocation } from '../../src/model/source';
import { commitAll, initRepository } from '../helpers/git-repository';
import { scratchDirectory } from '../helpers/replay-cli';
import { activity, timer, traceOf } from '../helpers/replay-trace';

type Files = Readonly<Record<string, readonly string[]>>;

/** Files as they were committed, changed since. */
function changed(before: Files, now: Files): string {
  const directory = scratchDirectory();
  const write = (files: Files): void =>
    Object.entries(files).forEach(([file, lines]) => writeFileSync(join(directory, file), lines.join('\n')));
  write(before);
  initRepository(directory);
  commitAll(directory, 'as it was');
  write(now);
  return directory;
}

const at = (directory: string, file: string, line: number, column: number): SourceLocation => ({
  file: join(directory, file),
  line,
  column,
  function: null,
});

/** The file with the patch in it. */
async function patched(trace: ReplayTrace, places: SourceLocation[], file: string): Promise<string[]> {
  const [change] = await patchChangesFor(trace, places, 'the-change', new BundledSources([]));
  const { edits } = change!;
  const path = places.find((place) => place.file.endsWith(file))!.file;
  const ofFile = edits.filter((edit) => edit.file === path);
  return applyEdits(readFileSync(path, 'utf8').split('\n'), ofFile).split('\n');
}

const IMPORT = "import { patched } from '@temporalio/workflow';";

describe('the suggested patch', () => {
  it('goes to the new caller if a helper issues the command', async () => {
    const mail = ['export const audit = (what: string) => mail.writeAudit({ what });'];
    const flow = (...lines: string[]) => [IMPORT, 'async function pay() {', ...lines, '}'];
    const directory = changed(
      { 'mail.ts': mail, 'flow.ts': flow('  await open();') },
      { 'mail.ts': mail, 'flow.ts': flow("  await audit('paid');", '  await open();') },
    );
    const places = [at(directory, 'mail.ts', 1, 45), at(directory, 'flow.ts', 3, 9)];
    const trace = traceOf({
      produced: activity('writeAudit', places),
      added: [activity('writeAudit')],
      isShared: [true, false],
    });

    expect(await patched(trace, places, 'flow.ts')).toEqual(
      flow("  if (patched('the-change')) {", "    await audit('paid');", '  }', '  await open();'),
    );
  });

  it('goes to the caller also without git if the helper has other callers', async () => {
    const directory = scratchDirectory();
    writeFileSync(
      join(directory, 'mail.ts'),
      'export async function audit() {\n  await mail.writeAudit();\n}',
    );
    writeFileSync(join(directory, 'flow.ts'), `${IMPORT}\nasync function pay() {\n  await audit();\n}`);
    const places = [at(directory, 'mail.ts', 2, 14), at(directory, 'flow.ts', 3, 9)];
    const trace = traceOf({ produced: activity('writeAudit', places), isShared: [true, false] });

    expect(await patched(trace, places, 'flow.ts')).toEqual([
      IMPORT,
      'async function pay() {',
      "  if (patched('the-change')) {",
      '    await audit();',
      '  }',
      '}',
    ]);
  });

  it('does not wrap a call that also issues recorded commands', async () => {
    const directory = scratchDirectory();
    writeFileSync(
      join(directory, 'flow.ts'),
      `${IMPORT}\nasync function flow() {\n  for (const x of list)\n    { await sleep(1); }\n}`,
    );
    const places = [at(directory, 'flow.ts', 4, 13)];
    const trace = traceOf({ produced: timer('1ms', places), isShared: [true] });

    const changes = await patchChangesFor(trace, places, 'the-change', new BundledSources([]));

    expect(changes).toEqual([]);
  });

  it('wraps the statement of the call if the change in it names no command', async () => {
    const loop = (of: string) => [
      IMPORT,
      'async function drive() {',
      `  for (const leg of ${of}) {`,
      '    await api.driveLeg({ leg });',
      '  }',
      '}',
    ];
    const directory = changed({ 'flow.ts': loop('legs.slice(1)') }, { 'flow.ts': loop('legs') });
    const places = [at(directory, 'flow.ts', 4, 15)];
    const trace = traceOf({ produced: activity('driveLeg', places), isShared: [true] });

    const text = (await patched(trace, places, 'flow.ts')).join('\n');

    expect(text).toMatch(/if \(patched\('the-change'\)\) \{\s+for \(const leg of legs\) /);
    expect(text).toMatch(/\} else \{\s+for \(const leg of legs\.slice\(1\)\) /);
  });

  it('takes a comment above or below new statements along', async () => {
    const flow = (...lines: string[]) => [IMPORT, 'async function pay() {', ...lines, '}'];
    const added = ['  // On weekends.', '  await weekend();', '  // Then as ever.'];
    const directory = changed(
      { 'flow.ts': flow('  await open();') },
      { 'flow.ts': flow(...added, '  await open();') },
    );
    const places = [at(directory, 'flow.ts', 4, 9)];
    const trace = traceOf({ produced: activity('weekend', places), added: [activity('weekend')] });

    expect(await patched(trace, places, 'flow.ts')).toEqual(
      flow(
        "  if (patched('the-change')) {",
        '    // On weekends.',
        '    await weekend();',
        '    // Then as ever.',
        '  }',
        '  await open();',
      ),
    );
  });

  it('finds a removed call in the function around the last command', async () => {
    const flow = (...lines: string[]) => [
      IMPORT,
      'async function nightly() {',
      '  const clean = async () => {',
      '    await api.clean();',
      '  };',
      '  await clean();',
      ...lines,
      '  await api.vacuum();',
      '}',
    ];
    const directory = changed({ 'flow.ts': flow("  await sleep('1s');") }, { 'flow.ts': flow() });
    const places = [at(directory, 'flow.ts', 4, 15), at(directory, 'flow.ts', 6, 9)];
    const trace = traceOf({ kind: 'removed', recorded: timer('1s'), removed: [timer('1s')] });

    expect(await patched(trace, places, 'flow.ts')).toEqual(
      flow("  if (!patched('the-change')) {", "    await sleep('1s');", '  }'),
    );
  });

  it('finds a removed call in a function without the commands before and after it', async () => {
    const flow = (...lines: string[]) => [
      IMPORT,
      'async function check() {',
      '  await api.verify();',
      '}',
      'async function ask() {',
      ...lines,
      '  await api.ask();',
      '}',
    ];
    const directory = changed({ 'flow.ts': flow("  await sleep('2 days');") }, { 'flow.ts': flow() });
    const places = [at(directory, 'flow.ts', 3, 13)];
    const trace = traceOf({ kind: 'removed', recorded: timer('2 days'), removed: [timer('2 days')] });

    expect(await patched(trace, places, 'flow.ts')).toEqual(
      flow("  if (!patched('the-change')) {", "    await sleep('2 days');", '  }'),
    );
  });

  it('keeps the type of a variable that it declares above the branches', async () => {
    const flow = (value: string) => [IMPORT, 'async function flow() {', value, '  return state;', '}'];
    const directory = changed(
      { 'flow.ts': flow('  const state: State = { battery: await api.read() };') },
      { 'flow.ts': flow('  const state: State = { battery: 100 };') },
    );
    const places = [at(directory, 'flow.ts', 2, 16)];
    const trace = traceOf({ kind: 'removed', recorded: activity('read'), removed: [activity('read')] });

    expect(await patched(trace, places, 'flow.ts')).toEqual([
      IMPORT,
      'async function flow() {',
      '  let state: State;',
      "  if (patched('the-change')) {",
      '    state = { battery: 100 };',
      '  } else {',
      '    state = { battery: await api.read() };',
      '  }',
      '  return state;',
      '}',
    ]);
  });

  it.each([
    ["const wf = require('@temporalio/workflow');", [], 'wf.patched'],
    ["const { patched } = require('@temporalio/workflow');", [], 'patched'],
    ["const api = require('./api');", ["const { patched } = require('@temporalio/workflow');"], 'patched'],
  ])('fits into CommonJS: %s', async (header, imported, call) => {
    const flow = (...lines: string[]) => [header, 'exports.flow = async () => {', ...lines, '};'];
    const directory = changed({ 'flow.js': flow() }, { 'flow.js': flow('  await api.notify();') });
    const places = [at(directory, 'flow.js', 3, 3)];
    const trace = traceOf({ produced: activity('notify', places), isShared: [false] });

    expect(await patched(trace, places, 'flow.js')).toEqual([
      ...imported,
      ...flow(`  if (${call}('the-change')) {`, '    await api.notify();', '  }'),
    ]);
  });
});

describe('the suggested patch for code on one line', () => {
  const flow = (line: string): string[] => [
    IMPORT,
    'async function flow(xs: string[], x: boolean) {',
    `  ${line}`,
    '}',
  ];
  const act = (directory: string, file: readonly string[]): SourceLocation[] => {
    const line = file.findIndex((row) => row.includes('act('));
    return [at(directory, 'flow.ts', line + 1, file[line]!.indexOf('act(') + 1)];
  };
  const replaced = (places: SourceLocation[]): ReplayTrace =>
    traceOf({
      kind: 'replaced',
      recorded: activity('old'),
      produced: activity('act', places),
      removed: [activity('old')],
      added: [activity('act')],
      isShared: [false],
    });

  it.each([
    ['a loop', 'for (const y of xs) await old(y);', 'for (const y of xs) await act(y);'],
    ['a loop in the place of a call', 'await old(xs);', 'for (const y of xs) await act(y);'],
    ['a while', 'while (x) await old();', 'while (x) await act();'],
    [
      'a map',
      'await Promise.all(xs.map(async (y) => old(y)));',
      'await Promise.all(xs.map(async (y) => act(y)));',
    ],
    ['an if with an else', 'if (x) await old(); else await b();', 'if (x) await act(); else await b();'],
    [
      'a ternary that is returned',
      'return x ? await old() : await b();',
      'return x ? await act() : await b();',
    ],
  ])('has the whole line in both branches with git: %s', async (_, before, now) => {
    const directory = changed({ 'flow.ts': flow(before) }, { 'flow.ts': flow(now) });
    const places = act(directory, flow(now));

    expect(await patched(replaced(places), places, 'flow.ts')).toEqual([
      ...flow('').slice(0, 2),
      "  if (patched('the-change')) {",
      `    ${now}`,
      '  } else {',
      `    ${before}`,
      '  }',
      '}',
    ]);
  });

  it.each([
    ['an arrow function', ['const help = async () => old();'], ['const help = async () => act();']],
    [
      'an arrow function on two lines',
      ['const help = async () =>', '  old();'],
      ['const help = async () =>', '  act();'],
    ],
    ['a function', ['async function help() { await old(); }'], ['async function help() { await act(); }']],
  ])('has no code if it would come outside of a function: %s', async (_, before, now) => {
    const rest = ['export async function flow() {', '  await help();', '}'];
    const [old, file] = [
      [IMPORT, ...before, ...rest],
      [IMPORT, ...now, ...rest],
    ];
    const directory = changed({ 'flow.ts': old }, { 'flow.ts': file });
    const places = act(directory, file);

    const changes = await patchChangesFor(replaced(places), places, 'the-change', new BundledSources([]));

    expect(changes).toEqual([]);
  });

  it.each([
    'for (const y of xs) { await b(y); await act(y); }',
    'while (x) { await b(); await act(); }',
    'if (x) { await act(); } else { await b(); }',
    'await b(); await act();',
    'for (const y of xs) await act(y);',
    'return x ? await act() : await b();',
    'await Promise.all(xs.map(async (y) => act(y)));',
  ])('has no code if, without git, more than the call stands on its line: %s', async (line) => {
    const directory = scratchDirectory();
    writeFileSync(join(directory, 'flow.ts'), flow(line).join('\n'));
    const places = act(directory, flow(line));
    const trace = traceOf({ produced: activity('act', places), isShared: [false] });

    const changes = await patchChangesFor(trace, places, 'the-change', new BundledSources([]));

    expect(changes).toEqual([]);
  });

  it('also covers all changes, if there are more than the one that is the cause', async () => {
    const before = [
      IMPORT,
      'const LIMIT = 1;',
      'export async function flow() {',
      '  await sleep(LIMIT);',
      '  await a();',
      '}',
    ];
    const now = [
      IMPORT,
      'const LIMIT = 2;',
      'export async function flow() {',
      '  await sleep(LIMIT);',
      '  await b();',
      '}',
    ];
    const directory = changed({ 'flow.ts': before }, { 'flow.ts': now });
    const file = join(directory, 'flow.ts');
    const hunks = [{ file, line: 5, count: 1, before: ['  await a();'] }];
    const changes = [{ file, line: 2, count: 1, before: ['const LIMIT = 1;'] }, ...hunks];
    const cause = { proven: true, since: 'c0ffee', hunks, packages: [], changes };

    const found = await patchChangesFor(traceOf({}), [], 'the-change', new BundledSources([]), cause);

    const texts = found.map(({ edits }) => applyEdits(now, edits));
    const [last, ...others] = [...texts].reverse();
    expect(last).toContain('  await sleep(LIMIT_BEFORE);\n  await a();');
    expect(others.filter((text) => text.includes('LIMIT_BEFORE'))).toEqual([]);
    expect(others).not.toEqual([]);
  });
});
