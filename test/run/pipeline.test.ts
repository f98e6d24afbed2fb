import type { Gate } from '../../src/gate/gate';
import type { FailureGroup, ReplayTrace } from '../../src/model/diagnosis';
import type { DiagnosedResult } from '../../src/model/report';
import type { Verdict } from '../../src/model/verdict';
import type { Replayed, Setup } from '../../src/replay/setup';
import { bareTrace, brokenOffTrace } from '../../src/replay/trace/bare-trace';
import { type ReplayRun, type RunStages, startPipeline } from '../../src/run/pipeline';
import { ANY_PROJECT } from '../helpers/worker-source';

const SETUP: Setup = {
  cwd: __dirname,
  projects: [
    {
      ...ANY_PROJECT,
      name: 'shop',
      inputs: [__filename],
      failure: { summary: 'The workflow code does not build', details: null },
      missing: ['/shop/missing.ts'],
    },
  ],
  fast: true,
  engine: 'core',
  diagnosis: { traces: 'failures', contextRows: null, timelines: false },
  coverage: false,
};

const replayed = (file: string, verdict: Verdict = 'compatible'): Replayed => ({
  result: {
    file,
    history: { file, index: 0 },
    workflowId: null,
    runId: null,
    workflowType: 'order',
    verdict,
    events: 3,
    verifiedEvents: 0,
    durationMs: 1,
    drift: [],
  },
});

const ROW = { op: 'same', eventId: 5, recorded: 'timer', produced: 'timer', isDivergence: false } as const;

/** Starts a pipeline that replays `histories`, with the given stages in place of the default ones. */
function start(histories: Replayed[], stages: Partial<RunStages> = {}): ReplayRun {
  return startPipeline({
    setUp: () => Promise.resolve(SETUP),
    openGate: () => Promise.resolve(null),
    replay: async function* (setup) {
      await setup;
      yield* histories;
    },
    advise: (diagnosis) => diagnosis.group(),
    signal: undefined,
    coverage: null,
    ...stages,
  });
}

async function resultsOf(run: ReplayRun): Promise<DiagnosedResult[]> {
  const results: DiagnosedResult[] = [];
  for await (const result of run) results.push(result);
  return results;
}

describe('startPipeline', () => {
  it('sets up once for the code, the results and the report', async () => {
    const setUp = jest.fn(() => Promise.resolve(SETUP));
    const run = start([replayed('1.json')], { setUp });

    const [code] = await run.code();
    await resultsOf(run);
    await run.report();
    await run.code();

    expect(code).toMatchObject({ inputs: [__filename], missing: ['/shop/missing.ts'], workflowTypes: null });
    expect(setUp).toHaveBeenCalledTimes(1);
  });

  it('sets up for the code alone without opening the gate or replaying', async () => {
    const openGate = jest.fn(() => Promise.resolve(null));
    const replay = jest.fn(async function* () {});

    await start([], { openGate, replay }).code();

    expect(openGate).not.toHaveBeenCalled();
    expect(replay).not.toHaveBeenCalled();
  });

  it('opens the gate before it sets up and replays', async () => {
    const order: string[] = [];
    const run = start([], {
      setUp: async () => (order.push('set up'), SETUP),
      openGate: async () => (order.push('open gate'), null),
      replay: async function* (setup) {
        order.push('replay');
        await setup;
        yield* [];
      },
    });

    await run.report();

    expect(order.indexOf('open gate')).toBe(0);
    expect(order.slice(1).sort()).toEqual(['replay', 'set up']);
  });

  it('throws the error of the gate if the set-up fails too', async () => {
    const run = start([], {
      setUp: () => Promise.reject(new Error('no set-up')),
      openGate: () => Promise.reject(new Error('no baseline')),
    });

    await expect(run.report()).rejects.toThrow('no baseline');
  });

  it('throws the error of the set-up from the report and from the code', async () => {
    const run = start([], { setUp: () => Promise.reject(new Error('no set-up')) });

    await expect(run.report()).rejects.toThrow('no set-up');
    await expect(run.code()).rejects.toThrow('no set-up');
  });

  it('yields results as they end and keeps that order in the report', async () => {
    const run = start([replayed('3.json'), replayed('1.json'), replayed('2.json')]);

    const files = (await resultsOf(run)).map(({ file }) => file);
    const report = await run.report();

    expect(files).toEqual(['3.json', '1.json', '2.json']);
    expect(report.results.map(({ file }) => file)).toEqual(files);
  });

  it('yields a result before the next history is replayed', async () => {
    const order: string[] = [];
    const run = start([], {
      replay: async function* () {
        for (const file of ['1.json', '2.json']) {
          order.push(`replay ${file}`);
          yield replayed(file);
        }
      },
    });

    for await (const { file } of run) order.push(`result ${file}`);

    expect(order).toEqual(['replay 1.json', 'result 1.json', 'replay 2.json', 'result 2.json']);
  });

  it('replays to the end for a report, including the histories that were not iterated', async () => {
    const run = start([replayed('1.json'), replayed('2.json'), replayed('3.json')]);
    const iterator = run[Symbol.asyncIterator]();
    await iterator.next();

    const { results, summary } = await run.report();

    expect(results.map(({ file }) => file)).toEqual(['1.json', '2.json', '3.json']);
    expect(summary).toMatchObject({ histories: 3, compatible: 3, events: 9 });
  });

  it('adds the rows of a trace to a compatible result as its comparison', async () => {
    const { result } = replayed('1.json');
    const run = start([{ result, trace: { ...bareTrace(result, false), rows: [ROW] } }]);

    const [compared] = await resultsOf(run);

    expect(compared).toEqual({ ...result, comparison: [ROW] });
  });

  it('adds a diagnosis to a traced failure, and a group to the report', async () => {
    const { result } = replayed('1.json', 'failed');
    const run = start([{ result, trace: bareTrace(result, true) }]);

    const { results, groups } = await run.report();

    expect(results[0]!.diagnosis).toMatchObject({ isOpen: true });
    expect(groups).toMatchObject([{ verdict: 'failed', results: [0], count: 1, openCount: 1 }]);
  });

  it('leaves a result without a trace as it is', async () => {
    const history = replayed('1.json', 'failed');

    const [result] = await resultsOf(start([history]));

    expect(result).toEqual(history.result);
  });

  it('has no groups in the report if nothing failed', async () => {
    const report = await start([replayed('1.json')]).report();

    expect(report.groups).toEqual([]);
  });

  it('passes each result on, and returns the report that the gate has judged', async () => {
    const passed: string[] = [];
    const gate: Gate = {
      judge: (report) =>
        Promise.resolve({
          ...report,
          results: report.results.map((result) => ({ ...result, existedBefore: true })),
        }),
    };

    const report = await start([replayed('1.json'), replayed('2.json', 'failed')], {
      openGate: () => Promise.resolve(gate),
      onResult: ({ file }) => void passed.push(file),
    }).report();

    expect(passed).toEqual(['1.json', '2.json']);
    expect(report.results.map(({ existedBefore }) => existedBefore)).toEqual([true, true]);
  });

  it('returns the groups with the remedies that were tried', async () => {
    const { result } = replayed('1.json', 'failed');
    const proposed: FailureGroup[] = [];
    const advise: RunStages['advise'] = async (diagnosis) => {
      proposed.push(...(await diagnosis.group()));
      return proposed.map((group) => ({ ...group, remedies: [] }));
    };

    const { groups } = await start([{ result, trace: bareTrace(result, true) }], { advise }).report();

    expect(proposed[0]!.remedies).not.toEqual([]);
    expect(groups).toMatchObject([{ verdict: 'failed', remedies: [] }]);
  });

  it('returns no coverage and replays nothing for it without a coverage target', async () => {
    const replay = jest.fn(async function* () {});

    const coverage = await start([], { replay, coverage: null }).coverage();

    expect(coverage).toBeNull();
    expect(replay).not.toHaveBeenCalled();
  });
});

describe('an error of this package over one history', () => {
  const failed = (file: string, trace: Partial<ReplayTrace> = {}): Replayed => {
    const { result } = replayed(file, 'incompatible');
    return { result, trace: { ...bareTrace(result, true), kind: 'refused', ...trace } };
  };
  const BROKEN = { headline: null } as unknown as Partial<ReplayTrace>;

  it('in its diagnosis leaves its verdict, names it, and reports all others as usual', async () => {
    const report = await start([replayed('1.json'), failed('2.json', BROKEN), failed('3.json')]).report();

    expect(report.results.map(({ file, verdict }) => [file, verdict])).toEqual([
      ['1.json', 'compatible'],
      ['2.json', 'incompatible'],
      ['3.json', 'incompatible'],
    ]);
    const [broken, other] = [1, 2].map((index) =>
      report.groups.find(({ results }) => results.includes(index)),
    );
    expect(broken).toMatchObject({
      kind: 'internal',
      verdict: 'incompatible',
      headline: expect.stringMatching(/^incompatible, but the diagnosis broke off: TypeError: .* at /),
      remedies: [{ code: 'report-bug' }],
    });
    expect(broken!.impact).toMatch(/was open when fetched/);
    expect(other!.kind).toBe('refused');
  });

  it('in the remedies of a cause leaves the cause, and the remedy says so', async () => {
    const report = await start([failed('1.json', { removed: null } as never), failed('2.json')]).report();

    const codes = report.groups.map(({ kind, remedies }) => [kind, remedies[0]!.code]);
    expect(codes).toEqual([['refused', 'report-bug']]);
    expect(report.groups[0]!.remedies[0]!.text).toMatch(
      /^The remedies could not be worked out: TypeError at/,
    );
  });

  it('in the second pass leaves a trace that says so', async () => {
    const { result } = replayed('1.json', 'incompatible');
    const judged = { ...result, divergence: { eventId: 5 } as never };
    const trace = brokenOffTrace(judged, false, new RangeError('too deep'));

    const report = await start([{ result: judged, trace }]).report();

    expect(report.groups).toMatchObject([
      {
        kind: 'internal',
        headline: expect.stringMatching(
          /^the commands differ at event 5, and the diagnosis broke off: RangeError: too deep/,
        ),
        remedies: [{ code: 'report-bug' }, { code: 'patch' }],
      },
    ]);
  });

  it('in the gate leaves the results as they are, and fails the run', async () => {
    const gate: Gate = { judge: () => Promise.reject(new TypeError('no such field')) };
    const run = start([replayed('1.json')], { openGate: () => Promise.resolve(gate) });

    const report = await run.report();

    expect(report.summary).toMatchObject({ histories: 1, compatible: 1 });
    expect(() => run.checkJudgement()).toThrow(
      expect.objectContaining({
        code: 'INTERNAL_ERROR',
        exitCode: 2,
        message: expect.stringContaining('TypeError: no such field'),
      }),
    );
  });
});
