import type { EngineFactory } from '../../src/replay/engine/engines';
import type { LoadedProject } from '../../src/replay/engine/loaded-project';
import type {
  EngineAnswer,
  ReplayEngine,
  ReplayRequest,
  Unanswered,
} from '../../src/replay/engine/replay-engine';
import { HistoryReplayer, NeedsNewProcess } from '../../src/replay/history-replayer';
import { bareTrace } from '../../src/replay/trace/bare-trace';
import type { DecodedHistory } from '../../src/history/decode';
import { OwnFault } from '../../src/model/own-fault';
import { exitCodeOfResult } from '../../src/model/verdict';
import { clone, fixtureHistory, type History } from '../helpers/histories';
import { ANY_PROJECT } from '../helpers/worker-source';

const EVERYTHING = fixtureHistory('everything');
const OPEN = fixtureHistory('open');

const typeOf = ({ events }: History): string =>
  events![0]!.workflowExecutionStartedEventAttributes!.workflowType!.name!;

const decoded = (history: History, file = 'h.json'): DecodedHistory => ({
  reference: { file, index: 0 },
  history,
});

const project = (name: string, workflowTypes: string[], namespace: string | null = null): LoadedProject => ({
  ...ANY_PROJECT,
  name,
  worker: { ...ANY_PROJECT.worker, namespace },
  bundlePath: `/bundles/${name}.js`,
  bundleHash: '',
  contexts: { kind: 'reused', because: 'default' },
  workflowTypes,
  payloadCodecs: [],
  settings: {},
});

const FIXTURES = project('fixtures', [typeOf(EVERYTHING), typeOf(OPEN)]);

const UNSURE: Unanswered = { unsure: 'unknown event' };
const COMPATIBLE: EngineAnswer = { judgement: { verdict: 'compatible', verifiedEvents: 7, drift: [] } };
const INCOMPATIBLE: EngineAnswer = { judgement: { verdict: 'incompatible', verifiedEvents: 2, drift: [] } };

/** Everything that happens to the engines of a test, in order: `fast made`, `fast replay`, `fast close`. */
let calls: string[];
let requests: ReplayRequest[];
beforeEach(() => {
  calls = [];
  requests = [];
});

/** Returns a factory of engines that answer with `answer`, and note their calls. */
function engine(name: string, answer: () => EngineAnswer | Unanswered): EngineFactory {
  return ({ name: projectName }): ReplayEngine => {
    calls.push(`${name} made for ${projectName}`);
    return {
      replay: async (request) => {
        calls.push(`${name} replay`);
        requests.push(request);
        return answer();
      },
      close: async () => void calls.push(`${name} close`),
    };
  };
}

const replayerWith = (
  engines: EngineFactory[],
  projects: LoadedProject[] = [FIXTURES],
  traces: 'none' | 'failures' = 'none',
): HistoryReplayer =>
  new HistoryReplayer(
    projects,
    { fast: true, diagnosis: { traces, contextRows: null, timelines: false }, counters: null },
    engines,
  );

function edited(history: History, change: (copy: ReturnType<typeof clone>) => void): History {
  const copy = clone(history);
  change(copy);
  return copy;
}

describe('HistoryReplayer', () => {
  it('returns the answer of the first engine, and asks no other', async () => {
    const replayer = replayerWith([engine('fast', () => INCOMPATIBLE), engine('slow', () => COMPATIBLE)]);

    const { result } = await replayer.replay(decoded(EVERYTHING));

    expect(result).toMatchObject({ verdict: 'incompatible', verifiedEvents: 2 });
    expect(calls).toEqual(['fast made for fixtures', 'slow made for fixtures', 'fast replay']);
  });

  it('leaves a history to the next engine if an engine is unsure', async () => {
    const replayer = replayerWith([
      engine('fast', () => UNSURE),
      engine('slow', () => COMPATIBLE),
      engine('last', () => INCOMPATIBLE),
    ]);

    const { result } = await replayer.replay(decoded(EVERYTHING));

    expect(result).toMatchObject({ verdict: 'compatible', verifiedEvents: 7 });
    expect(calls.filter((call) => call.endsWith('replay'))).toEqual(['fast replay', 'slow replay']);
    expect(requests[1]).toBe(requests[0]);
  });

  it('leaves a history to another process if an engine has changed this one', async () => {
    const replayer = replayerWith([
      engine('fast', () => ({ unsure: 'not compatible', needsNewProcess: true })),
      engine('slow', () => COMPATIBLE),
    ]);

    await expect(replayer.replay(decoded(EVERYTHING))).rejects.toBeInstanceOf(NeedsNewProcess);

    expect(calls).not.toContain('slow replay');
  });

  it('asks all engines for a history that is checked, and says if they disagree', async () => {
    const agreed = replayerWith([engine('fast', () => COMPATIBLE), engine('slow', () => COMPATIBLE)]);
    const other = replayerWith([engine('fast', () => COMPATIBLE), engine('slow', () => INCOMPATIBLE)]);

    const same = await agreed.prepare(decoded(EVERYTHING), 'checked').replay();
    const different = await other.prepare(decoded(EVERYTHING), 'checked').replay();

    expect(same.engine).toEqual({ by: 'screen', isChecked: true });
    expect(different).toMatchObject({
      result: { verdict: 'incompatible' },
      engine: { by: 'core', disagrees: true },
    });
  });

  it('asks core alone for a history that core has to replay', async () => {
    const replayer = replayerWith([engine('fast', () => COMPATIBLE), engine('slow', () => INCOMPATIBLE)]);

    const { result } = await replayer.prepare(decoded(EVERYTHING), 'core').replay();

    expect(result.verdict).toBe('incompatible');
    expect(calls).not.toContain('fast replay');
  });

  it('fails a history with REPLAY_FAILED if every engine is unsure', async () => {
    const { result } = await replayerWith([engine('fast', () => UNSURE)]).replay(decoded(EVERYTHING));

    expect(result).toMatchObject({ verdict: 'failed', error: { code: 'REPLAY_FAILED' } });
  });

  it('fails a history with REPLAY_FAILED and the message if an engine throws, and asks no other engine', async () => {
    const replayer = replayerWith([
      engine('fast', () => {
        throw new Error('no more memory');
      }),
      engine('slow', () => COMPATIBLE),
    ]);

    const { result } = await replayer.replay(decoded(EVERYTHING));

    expect(result).toMatchObject({
      file: 'h.json',
      verdict: 'failed',
      error: { code: 'REPLAY_FAILED', message: 'no more memory' },
    });
    expect(calls).not.toContain('slow replay');
  });

  it('makes the engines anew for the next history after one has thrown', async () => {
    let attempts = 0;
    const replayer = replayerWith([
      engine('fast', () => {
        if (++attempts === 1) throw new Error('broken');
        return COMPATIBLE;
      }),
    ]);

    const first = await replayer.replay(decoded(EVERYTHING));
    const second = await replayer.replay(decoded(EVERYTHING));

    expect(first.result.verdict).toBe('failed');
    expect(second.result.verdict).toBe('compatible');
    expect(calls).toEqual(['fast made for fixtures', 'fast replay', 'fast made for fixtures', 'fast replay']);
  });

  it('makes the engines of a project once, for its first history', async () => {
    const replayer = replayerWith([engine('fast', () => COMPATIBLE)]);
    expect(replayer.hasEngine).toBe(false);

    await replayer.replay(decoded(EVERYTHING));
    await replayer.replay(decoded(OPEN));

    expect(replayer.hasEngine).toBe(true);
    expect(calls).toEqual(['fast made for fixtures', 'fast replay', 'fast replay']);
  });

  it('asks the engine of the project that has the workflow type', async () => {
    const projects = [project('first', [typeOf(EVERYTHING)]), project('second', [typeOf(OPEN)], 'billing')];
    const replayer = replayerWith([engine('fast', () => COMPATIBLE)], projects);

    await replayer.replay(decoded(OPEN));

    expect(calls).toEqual(['fast made for second', 'fast replay']);
    expect(requests).toMatchObject([
      { history: OPEN, identity: { workflowType: typeOf(OPEN) }, namespace: 'billing' },
    ]);
  });

  it('passes the trace and the counters of an answer on', async () => {
    const counters = { files: [], patches: {} };
    const { result: base } = await replayerWith([engine('fast', () => COMPATIBLE)]).replay(
      decoded(EVERYTHING),
    );
    const trace = bareTrace(base, false);
    const replayer = replayerWith([engine('fast', () => ({ ...COMPATIBLE, trace, counters }))]);

    const replayed = await replayer.replay(decoded(EVERYTHING));

    expect(replayed.trace).toBe(trace);
    expect(replayed.counters).toBe(counters);
  });

  it('adds a trace without commands to a failure that the engine has not traced, if traces are asked for', async () => {
    const engines = [engine('fast', () => INCOMPATIBLE)];

    const traced = await replayerWith(engines, [FIXTURES], 'failures').replay(decoded(OPEN));
    const untraced = await replayerWith(engines, [FIXTURES], 'none').replay(decoded(OPEN));

    expect(traced.trace).toMatchObject({ isOpen: true, rows: [] });
    expect(untraced.trace).toBeUndefined();
  });

  it('replays a history that several projects may have run with each, and takes the best result', async () => {
    const answers = { worst: INCOMPATIBLE, best: COMPATIBLE, unasked: COMPATIBLE };
    const byProject: EngineFactory = (of, options) =>
      engine('core', () => answers[of.name as keyof typeof answers])(of, options);
    const projects = Object.keys(answers).map((name) => project(name, [typeOf(EVERYTHING)]));

    const { result, ambiguity } = await replayerWith([byProject], projects).replay(decoded(EVERYTHING));

    expect(result.verdict).toBe('compatible');
    expect(calls).toEqual(['core made for worst', 'core replay', 'core made for best', 'core replay']);
    expect(ambiguity).toEqual({ workflowType: typeOf(EVERYTHING), projects: ['worst', 'best', 'unasked'] });
  });
});

describe('HistoryReplayer, without asking an engine,', () => {
  const engines = [engine('fast', () => COMPATIBLE)];
  afterEach(() => expect(calls).toEqual([]));

  it('returns the verdict invalid for a history that is malformed', async () => {
    const malformed = edited(OPEN, ({ events }) => {
      delete events[0]!.workflowExecutionStartedEventAttributes!.taskQueue;
    });

    const { result } = await replayerWith(engines).replay(decoded(malformed));

    expect(result).toMatchObject({
      verdict: 'invalid',
      workflowType: typeOf(OPEN),
      error: { code: 'NO_TASK_QUEUE' },
    });
  });

  it('returns the verdict invalid for a file that cannot be read', async () => {
    const problem = { code: 'UNREADABLE_FILE', message: 'h.json: EACCES' };

    const { result } = await replayerWith(engines).replay({
      reference: { file: 'h.json', index: 0 },
      problem,
    });

    expect(result).toMatchObject({ file: 'h.json', verdict: 'invalid', events: 0, error: problem });
  });

  it('fails a history of an unknown workflow type with UNKNOWN_WORKFLOW_TYPE', async () => {
    const replayer = replayerWith(engines, [project('other', ['other'])]);

    const { result } = await replayer.replay(decoded(EVERYTHING));

    expect(result).toMatchObject({ verdict: 'failed', error: { code: 'UNKNOWN_WORKFLOW_TYPE' } });
  });

  it('fails a history of a project that could not be built with BUNDLE_FAILED', async () => {
    const unbuilt = {
      ...{ ...ANY_PROJECT, name: 'shop', missing: [] },
      failure: { summary: 'The code does not build', details: 'no module' },
    };

    const { result } = await replayerWith(engines, [unbuilt]).replay(decoded(EVERYTHING));

    expect(result).toMatchObject({
      verdict: 'failed',
      error: { code: 'BUNDLE_FAILED', message: 'The code does not build: no module' },
    });
  });

  it('returns the verdict compatible for a history whose first workflow task has not begun', async () => {
    const scheduled = edited(OPEN, (history) => void history.events.splice(2));

    const { result } = await replayerWith(engines).replay(decoded(scheduled));

    expect(result).toMatchObject({ verdict: 'compatible', events: 2, verifiedEvents: 0 });
  });
});

describe('HistoryReplayer.prepare', () => {
  it('returns the identity of a history before any engine is made', () => {
    const replayer = replayerWith([engine('fast', () => COMPATIBLE)]);

    const { partial, isOpen } = replayer.prepare(decoded(OPEN));

    expect(partial).toMatchObject({
      file: 'h.json',
      workflowType: typeOf(OPEN),
      verdict: 'failed',
      events: OPEN.events!.length,
    });
    expect(isOpen).toBe(true);
    expect(calls).toEqual([]);
  });

  it('returns false for isOpen if the run was closed', () => {
    expect(replayerWith([]).prepare(decoded(EVERYTHING)).isOpen).toBe(false);
  });
});

describe('HistoryReplayer.close', () => {
  it('closes every engine of every project', async () => {
    const projects = [project('first', [typeOf(EVERYTHING)]), project('second', [typeOf(OPEN)])];
    const replayer = replayerWith([engine('fast', () => UNSURE), engine('slow', () => COMPATIBLE)], projects);
    await replayer.replay(decoded(EVERYTHING));
    await replayer.replay(decoded(OPEN));
    calls = [];

    await replayer.close();

    expect(calls.sort()).toEqual(['fast close', 'fast close', 'slow close', 'slow close']);
  });

  it('closes nothing if no history reached an engine', async () => {
    await replayerWith([engine('fast', () => COMPATIBLE)]).close();

    expect(calls).toEqual([]);
  });
});

describe('an error of this package over one history', () => {
  const broken = engine('fast', () => {
    throw new OwnFault(new RangeError('too deep'));
  });

  it('fails that history with INTERNAL_ERROR, which says nothing about the code', async () => {
    const { result, trace } = await replayerWith([broken], [FIXTURES], 'failures').replay(
      decoded(EVERYTHING),
    );

    expect(result).toMatchObject({ verdict: 'failed', error: { code: 'INTERNAL_ERROR' } });
    expect(result.error!.message).toMatch(
      /^temporal-replay itself broke over this history: RangeError: too deep/,
    );
    expect(exitCodeOfResult(result)).toBe(2);
    expect(trace).toMatchObject({ kind: 'internal' });
  });

  it('outside of the engines does the same', async () => {
    const events = { length: 1 } as unknown as History['events'];
    const prepared = replayerWith([engine('fast', () => COMPATIBLE)]).prepare(decoded(EVERYTHING));
    const replayer = replayerWith([engine('fast', () => COMPATIBLE)]);
    const changed = decoded({ ...EVERYTHING });
    const { replay } = replayer.prepare(changed);
    changed.history!.events = events;

    const { result } = await replay();

    expect(prepared.partial.file).toBe('h.json');
    expect(result).toMatchObject({ verdict: 'failed', error: { code: 'INTERNAL_ERROR' } });
  });

  it('hands the judgement over before the diagnosis, which may not come back', async () => {
    const judged: unknown[] = [];
    const factory: EngineFactory = () => ({
      replay: async ({ onJudged }) => {
        onJudged?.(INCOMPATIBLE.judgement);
        throw new OwnFault(new Error('later'));
      },
      close: async () => undefined,
    });

    await replayerWith([factory])
      .prepare(decoded(EVERYTHING))
      .replay((result) => judged.push(result));

    expect(judged).toMatchObject([{ file: 'h.json', verdict: 'incompatible', verifiedEvents: 2 }]);
  });
});
