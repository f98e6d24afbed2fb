import { composeMessage } from '../../../src/model/message';
import { resultError } from '../../../src/model/result-error';
import type { ReplayTrace } from '../../../src/model/diagnosis';
import { DiagnosticPass, windowOf } from '../../../src/replay/trace/diagnostic-pass';
import { type Evidence, judge } from '../../../src/replay/verdict/judge';
import type { Command } from '../../../src/temporal/commands';
import {
  activation,
  activityCompleted,
  activityScheduled,
  complete,
  completed,
  historyOf,
  scheduleActivity,
  signaled,
  startTimer,
  started,
  task,
  timerStarted,
} from '../../helpers/history-builders';

const evidenceOf = (part: Partial<Evidence>): Evidence => ({
  events: [],
  activations: [],
  failure: null,
  coreError: null,
  undecoded: { inReplay: null, inEvents: new Map(), encodings: null },
  run: { started: {}, runIdAliases: [], namespace: 'default' },
  ...part,
});

/** Judges the evidence, and runs the diagnostic pass over the same activations; `later` are the answers to made-up ones. */
async function traceOf(
  part: Partial<Evidence>,
  later: readonly (readonly Command[])[] = [],
): Promise<ReplayTrace> {
  const evidence = evidenceOf(part);
  const pass = new DiagnosticPass(evidence, judge(evidence));
  const answers = [...later];
  pass.begin({}, () => Promise.resolve(answers.shift() ?? []));
  for (const { taskStartedId, replaying, commands } of evidence.activations)
    await pass.observe({ historyLength: taskStartedId, isReplaying: replaying, jobs: [] }, commands);
  return pass.finish();
}
const headlineOf = (trace: ReplayTrace): string => composeMessage(trace.headline);

const ORDER = historyOf(
  started(),
  task(),
  activityScheduled(1, 'reserve'),
  activityCompleted(5),
  task(),
  activityScheduled(2, 'charge'),
);

describe('the trace of incompatible code', () => {
  it('shows a command that is added, since the code then goes on as recorded', async () => {
    const trace = await traceOf(
      { events: ORDER, activations: [activation(3, [scheduleActivity(1, 'check')])] },
      [[scheduleActivity(2, 'reserve')], [scheduleActivity(3, 'charge')]],
    );

    expect(trace.kind).toBe('added');
    expect(headlineOf(trace)).toBe('`check` activity is new, before `reserve` activity');
    expect(trace.rows.map(({ op, recorded, produced }) => [op, recorded, produced])).toEqual([
      ['added', null, '`check` activity'],
      ['same', '`reserve` activity', '`reserve` activity'],
      ['same', '`charge` activity', '`charge` activity'],
    ]);
  });

  it('shows a command that another one replaces', async () => {
    const trace = await traceOf({ events: ORDER, activations: [activation(3, [startTimer(1, 30)])] }, [
      [scheduleActivity(1, 'charge')],
    ]);

    expect(trace.kind).toBe('replaced');
    expect(headlineOf(trace)).toBe('`reserve` activity is now timer 30s');
    expect(trace).toMatchObject({ recorded: { name: 'reserve' }, produced: { kind: 'timer' } });
  });

  it('says that the code ends the workflow', async () => {
    const trace = await traceOf({ events: ORDER, activations: [activation(3, [complete()])] });

    expect(trace.endsWorkflow).toBe(true);
    expect(headlineOf(trace)).toBe('the workflow now completes where it went on with `reserve` activity');
  });

  it('names the recorded command that core refused although the commands are alike', async () => {
    const message = 'Details: Failure { message: "Bad state for event HistoryEvent(id: 5, X)" }';
    const coreError = { about: 'machines', message } as const;
    const activations = [
      activation(3, [scheduleActivity(1, 'reserve')]),
      activation(8, [scheduleActivity(2, 'charge')]),
    ];

    const trace = await traceOf({ events: ORDER, activations, coreError });

    expect(trace.kind).toBe('refused');
    expect(headlineOf(trace)).toBe('`reserve` activity cannot follow from what the code does now');
  });
});

describe('the trace of drifted code', () => {
  it('names the first command whose content differs, and the path', async () => {
    const events = historyOf(started(), task(), timerStarted(1, 60));

    const trace = await traceOf({ events, activations: [activation(3, [startTimer(1, 30)])] });

    expect(trace.kind).toBe('drift');
    expect(headlineOf(trace)).toBe('timer 1m: `startToFireTimeout` is not as recorded');
    expect(trace.rows).toMatchObject([{ op: 'drifted', eventId: 5 }]);
  });

  it.each([
    [
      'a command',
      activityScheduled(2, 'charge'),
      scheduleActivity(2, 'charge'),
      '`charge` activity is issued in an earlier workflow task',
    ],
    [
      'the end of the workflow',
      completed(),
      complete(),
      'the workflow completes in an earlier workflow task',
    ],
  ])('says that %s comes in an earlier workflow task', async (_, event, command, headline) => {
    const events = historyOf(
      started(),
      task(),
      activityScheduled(1, 'reserve'),
      activityCompleted(5),
      task(),
      event,
    );
    const activations = [activation(3, [scheduleActivity(1, 'reserve'), command]), activation(8, [])];

    expect(headlineOf(await traceOf({ events, activations }))).toBe(headline);
  });
});

describe('the trace of code that threw', () => {
  it('has the first line of the error as its headline, without the frame', async () => {
    const trace = await traceOf({
      events: ORDER,
      failure: {
        taskStartedId: 3,
        replaying: true,
        type: 'TypeError',
        message: 'no card\nof alice',
        stack: 'TypeError: no card\n    at pay (/app/src/w.ts:3:7)',
      },
    });

    expect(trace.kind).toBe('threw');
    expect(headlineOf(trace)).toBe('TypeError: no card');
    expect(trace.headline.foreign).toBe('no card');
  });

  it('has own text only if there is no error', () => {
    const pass = new DiagnosticPass(evidenceOf({ events: ORDER }), { verdict: 'failed', drift: [] });

    expect(pass.finish().headline).toMatchObject({ own: 'the code threw', foreign: null });
  });

  it('keeps the foreign text of any error apart', () => {
    const error = resultError({ code: 'NEW_KIND', own: 'The codec gave up:', foreign: 'card 4111' });
    const pass = new DiagnosticPass(evidenceOf({ events: ORDER }), { verdict: 'failed', drift: [], error });

    expect(pass.finish().headline).toMatchObject({ own: 'The codec gave up:', foreign: 'card 4111' });
  });
});

describe('the trace of any code', () => {
  it.each([
    ['open', [signaled('go')], true],
    ['closed', [completed()], false],
  ])('says that the recorded run was %s', async (_, last, isOpen) => {
    const events = historyOf(started(), task(), last);

    expect((await traceOf({ events, activations: [activation(3, [])] })).isOpen).toBe(isOpen);
  });

  it('has no places if the SDK’s internals are not as expected', async () => {
    const trace = await traceOf({ events: ORDER, activations: [activation(3, [startTimer(1)])] });

    expect(trace.hasSourceMap).toBe(false);
    expect(trace.produced!.at).toEqual([]);
  });
});

describe('windowOf', () => {
  const row = (eventId: number, op: 'same' | 'drifted' = 'same') => ({
    op,
    eventId,
    recorded: null,
    produced: null,
    isDivergence: false,
  });
  const rows = [1, 2, 3, 4, 5, 6].map((eventId) => row(eventId, eventId === 4 ? 'drifted' : 'same'));

  it('keeps the rows around the first difference', () => {
    expect(windowOf(rows, 1).map(({ eventId }) => eventId)).toEqual([3, 4, 5]);
  });

  it('keeps the last rows if nothing differs', () => {
    expect(windowOf(rows.slice(0, 3), 2).map(({ eventId }) => eventId)).toEqual([2, 3]);
  });
});
