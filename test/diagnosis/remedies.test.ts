import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { remediesFor } from '../../src/diagnosis/remedies';
import type { RemedyContext } from '../../src/diagnosis/remedy';
import { BundledSources } from '../../src/source/bundled-sources';
import type { ReplayTrace } from '../../src/model/diagnosis';
import type { HistoryResult } from '../../src/model/verdict';
import { commitAll, initRepository } from '../helpers/git-repository';
import { scratchDirectory } from '../helpers/replay-cli';
import { activity, timer, traceOf } from '../helpers/replay-trace';

const contextOf = (trace: ReplayTrace, place: RemedyContext['place'] = null): RemedyContext => ({
  result: { error: null } as unknown as HistoryResult,
  trace,
  place,
  callers: [],
  cause: null,
  sources: new BundledSources([]),
  workflowTypes: [],
  cwd: '/app',
});

describe('the remedies', () => {
  it('name the patch whose call was removed for a run from before that patch', async () => {
    const directory = scratchDirectory();
    const file = join(directory, 'flow.ts');
    const branches = [
      "  if (patched('report-v2')) {",
      '    await api.report();',
      '  } else {',
      '    await api.reportOld();',
      '  }',
    ];
    const flow = (...lines: string[]) => ['async function flow() {', ...lines, '}'].join('\n');
    writeFileSync(file, flow(...branches));
    initRepository(directory);
    commitAll(directory, 'as it was');
    writeFileSync(file, flow('  await api.report();'));
    const trace = traceOf({
      kind: 'renamed',
      recorded: activity('reportOld'),
      produced: activity('report'),
      isShared: [false],
    });

    const [best, ...others] = await remediesFor(
      contextOf(trace, { file, line: 2, column: 13, function: 'flow' }),
    );

    expect(best).toMatchObject({ code: 'keep-patch', title: "Keep patched('report-v2')" });
    expect(best!.alternatives).toEqual([]);
    expect(best!.snippet).toBe(branches.map((line) => line.slice(2)).join('\n'));
    expect(others.map(({ code }) => code)).toEqual(['patch', 'version-worker']);
  });

  it.each([
    ['is gone', '  await api.report();', ['keep-patch', 'deprecate-patch'], "Keep patched('report-v2')"],
    [
      'stands elsewhere',
      "  const isNew = patched('report-v2');\n  await api.draft();\n  if (isNew) await api.report();",
      ['patch', 'keep-patch'],
      "Ask patched('report-v2') where it was asked before",
    ],
  ])('for a patch without its marker tell if its call %s', async (_, now, codes, title) => {
    const directory = scratchDirectory();
    const file = join(directory, 'flow.ts');
    const flow = (...lines: string[]) => ['async function flow() {', ...lines, '}'].join('\n');
    writeFileSync(file, flow('  await api.draft();', "  if (patched('report-v2')) await api.report();"));
    initRepository(directory);
    commitAll(directory, 'as it was');
    writeFileSync(file, flow(now));
    const recorded = { ...activity('report-v2'), kind: 'patch', words: 'patch `report-v2`' };
    const trace = traceOf({ kind: 'removed', recorded, removed: [recorded] });

    const remedies = await remediesFor(contextOf(trace, { file, line: 2, column: 9, function: 'flow' }));

    expect(remedies.map(({ code }) => code)).toEqual(codes);
    expect(remedies.find(({ code }) => code === 'keep-patch')!.title).toBe(title);
  });

  it('begin with the error if a mistake makes the workflow fail', async () => {
    const trace = traceOf({ kind: 'replaced', recorded: activity('lock'), failureType: 'TypeError' });

    const [best] = await remediesFor(contextOf(trace));

    expect(best!.code).toBe('fix-error');
  });

  it('begin with the patch if the workflow fails on purpose', async () => {
    const trace = traceOf({ kind: 'replaced', recorded: activity('lock'), failureType: 'TooExpensive' });

    const [best] = await remediesFor(contextOf(trace));

    expect(best!.code).toBe('patch');
  });

  it.each([
    ['added', null, timer('5s'), 'ship', 'add-timer-in-ship'],
    ['removed', timer('5s'), null, null, 'remove-timer-in-flow'],
    ['added', null, activity('bookPickup'), 'ship', 'add-book-pickup'],
    ['removed', activity('reserve'), null, 'ship', 'reorder-reserve-in-ship'],
    ['removed', activity('gone'), null, 'ship', 'remove-gone'],
    [
      'replaced',
      activity('reserve'),
      timer('5s'),
      'setHandler(carrierUpdate)',
      'reserve-to-timer-in-carrier-update',
    ],
  ] as const)(
    'have a patch that says what happened, and where: %s %#',
    async (kind, recorded, produced, name, id) => {
      const file = join(scratchDirectory(), 'flow.ts');
      writeFileSync(file, 'async function flow() {\n  await api.reserve();\n}');
      const trace = traceOf({ kind, recorded, produced });

      const context = contextOf(trace, { file, line: 2, column: 13, function: name });
      context.sources.textOf(file);

      const found = await remediesFor(context);

      expect(found.find(({ code }) => code === 'patch')!.title).toBe(`Wrap the change in patched('${id}')`);
    },
  );

  it('say why no code was tried where git does not know the change', async () => {
    const [best] = await remediesFor(contextOf(traceOf({ produced: activity('drive'), isShared: [false] })));

    expect(best).toMatchObject({
      edits: [],
      text: expect.stringContaining('git does not know the change behind the difference') as unknown,
    });
  });

  it('have sentences instead of code for a line that also issues recorded commands', async () => {
    const trace = traceOf({ produced: activity('drive'), isShared: [true] });

    const [best] = await remediesFor(contextOf(trace));

    expect(best!.edits).toEqual([]);
    expect(best!.text).toMatch(/what makes it run once more\.$/);
  });

  describe('of a payload that could not be decoded', () => {
    const remediesOf = (undecoded: NonNullable<ReplayTrace['undecoded']>) =>
      remediesFor(contextOf(traceOf({ kind: 'undecoded', undecoded })));
    const module = { option: 'dataConverter', path: '/app/src/converter.ts' } as const;

    it('name the variable that the codec reads, and its module', async () => {
      const source = { module, variables: ['PAYLOAD_KEY'] };

      const remedies = await remediesOf({ step: 'codec', subject: 'AesCodec', source });

      expect(remedies.map(({ title }) => title)).toEqual([
        'Check the environment variable PAYLOAD_KEY',
        'Check the payload codec AesCodec of dataConverter (src/converter.ts) and its key',
      ]);
    });

    it.each([
      ['codec', '--data-converter'],
      ['converter', '--data-converter'],
      ['storage', '--data-converter'],
    ] as const)('name the option if no module is configured and the step is %s', async (step, option) => {
      const [best] = await remediesOf({ step, subject: null, source: { module: null, variables: [] } });

      expect(best).toMatchObject({ code: 'give-codec', title: expect.stringContaining(option) as unknown });
    });

    it('name the external storage of the module', async () => {
      const [best] = await remediesOf({ step: 'storage', subject: null, source: { module, variables: [] } });

      expect(best!.title).toContain('externalStorage of dataConverter (src/converter.ts)');
    });
  });

  it.each([
    ['C++ build', 'C build'],
    ['(', '['],
    ['a\\', '$&'],
  ])('take any names: %s, which was %s', async (now, old) => {
    const directory = scratchDirectory();
    const file = join(directory, 'flow.ts');
    writeFileSync(file, ['async function flow() {', `  await api['${now}']();`, '}'].join('\n'));
    const trace = traceOf({ kind: 'renamed', recorded: activity(old), produced: activity(now) });

    const found = await remediesFor(contextOf(trace, { file, line: 2, column: 9, function: 'flow' }));

    expect(found.map(({ code }) => code)).toEqual(['rename-back', 'patch', 'version-worker']);
  });

  it('put nothing of a history into code but a name', async () => {
    const directory = scratchDirectory();
    const file = join(directory, 'flow.ts');
    writeFileSync(file, ['async function flow() {', '  await api.charge();', '}'].join('\n'));
    const recorded = activity('x(); globalThis.stolen = true; api.y');
    const trace = traceOf({ kind: 'renamed', recorded, produced: activity('charge') });

    const found = await remediesFor(contextOf(trace, { file, line: 2, column: 9, function: 'flow' }));

    expect(found.flatMap(({ edits }) => edits)).toEqual([]);
  });
});
