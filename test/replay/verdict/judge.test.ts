import type { UndecodedPayload } from '../../../src/model/undecoded-payload';
import {
  type CoreError,
  type Evidence,
  judge,
  stoppedBeforeEventId,
} from '../../../src/replay/verdict/judge';
import {
  activation,
  activityCompleted,
  activityScheduled,
  historyOf,
  scheduleActivity,
  signaled,
  started,
  task,
} from '../../helpers/history-builders';

/** One activity, and a second workflow task without commands. */
const EVENTS = historyOf(
  started(),
  task(),
  activityScheduled(1, 'charge', { input: [5] }),
  activityCompleted(5),
  task(),
  signaled('go'),
);
const charge = (input: number, name = 'charge') => [
  activation(3, [scheduleActivity(1, name, { input: [input] })]),
  activation(8, []),
];
const NOTHING_UNDECODED: Evidence['undecoded'] = { inReplay: null, inEvents: new Map(), encodings: null };
const evidenceOf = (part: Partial<Evidence>): Evidence => ({
  events: EVENTS,
  activations: charge(5),
  failure: null,
  coreError: null,
  undecoded: NOTHING_UNDECODED,
  run: { started: {}, runIdAliases: [], namespace: 'default' },
  ...part,
});
const refusal = (message: string, about: CoreError['about'] = 'commands'): CoreError => ({
  about,
  message: `Replay failed. Details: Failure { message: "[TMPRL1100] Nondeterminism error: ${message}" }`,
});
const wrongKey: UndecodedPayload = {
  step: 'codec',
  subject: 'Codec',
  errorType: null,
  message: 'wrong key',
};
const failure = (part: Partial<NonNullable<Evidence['failure']>> = {}): NonNullable<Evidence['failure']> => ({
  taskStartedId: 8,
  replaying: true,
  type: 'TypeError',
  message: 'no card',
  stack: '',
  ...part,
});

describe('judge', () => {
  it('finds code compatible that produces the recorded commands', () => {
    expect(judge(evidenceOf({}))).toEqual({ verdict: 'compatible', verifiedEvents: 9, drift: [] });
  });

  it('finds code drifted that produces them with other content', () => {
    expect(judge(evidenceOf({ activations: charge(6) }))).toMatchObject({
      verdict: 'drifted',
      drift: [{ eventId: 5, path: 'input', recorded: 5, produced: 6 }],
    });
  });

  it('finds code incompatible that produces other commands, whatever core says', () => {
    expect(judge(evidenceOf({ activations: charge(5, 'refund') }))).toMatchObject({
      verdict: 'incompatible',
      divergence: {
        eventId: 5,
        recorded: { event: 'ActivityTaskScheduled', name: 'charge' },
        produced: { command: 'ScheduleActivityTask', name: 'refund' },
        coreMessage: null,
      },
    });
  });

  it('adds the message of core to a difference that it found itself', () => {
    const evidence = evidenceOf({
      activations: charge(5, 'refund').slice(0, 1),
      coreError: refusal('Activity type does not match'),
    });

    expect(judge(evidence)).toMatchObject({
      verdict: 'incompatible',
      divergence: { eventId: 5, coreMessage: 'Activity type does not match' },
    });
  });

  it('takes the event from core if core alone refuses the history', () => {
    const evidence = evidenceOf({ coreError: refusal('No command for event HistoryEvent(id: 5, X)') });

    expect(judge(evidence)).toMatchObject({
      verdict: 'incompatible',
      divergence: { eventId: 5, recorded: { name: 'charge' }, produced: null },
    });
  });

  it('takes the next command event if core names none', () => {
    const evidence = evidenceOf({ activations: charge(5).slice(0, 1), coreError: refusal('Bad state') });

    expect(judge(evidence).divergence).toMatchObject({ eventId: 5, coreMessage: 'Bad state' });
  });

  it('finds code incompatible if the state machines refuse an event that a command causes', () => {
    const coreError = refusal('cannot handle HistoryEvent(id: 5, X)', 'machines');

    expect(judge(evidenceOf({ coreError }))).toMatchObject({
      verdict: 'incompatible',
      divergence: { eventId: 5 },
    });
  });

  it('does not blame the code if the state machines refuse another event', () => {
    const coreError = refusal('cannot handle HistoryEvent(id: 6, X)', 'machines');

    expect(judge(evidenceOf({ coreError }))).toMatchObject({
      verdict: 'failed',
      error: { code: 'HISTORY_REFUSED', message: 'Core refuses the history: cannot handle event 6 (X)' },
    });
  });

  it.each(['task', 'other'] as const)('does not blame the code for an error of core about %s', (about) => {
    const judgement = judge(evidenceOf({ coreError: { about, message: 'No command for 5' } }));

    expect(judgement).toMatchObject({ verdict: 'failed', error: { code: 'REPLAY_FAILED' } });
    expect(judgement.divergence).toBeUndefined();
  });

  it('finds code failed that throws, and names the class, the message and the innermost own frame', () => {
    const stack = [
      'TypeError: no card',
      '    at new Promise (<anonymous>)',
      '    at sleep (/app/node_modules/@temporalio/workflow/src/workflow.ts:1:2)',
      '    at async pay (/app/src/workflows.ts:3:7)',
      '    at order (/app/src/workflows.ts:9:1)',
    ].join('\n');

    const judgement = judge(evidenceOf({ activations: charge(5).slice(0, 1), failure: failure({ stack }) }));

    expect(judgement).toMatchObject({
      verdict: 'failed',
      error: {
        code: 'WORKFLOW_TASK_FAILED',
        message: 'TypeError: no card at async pay (/app/src/workflows.ts:3:7)',
        parts: {
          own: '',
          errorType: 'TypeError',
          foreign: 'no card',
          frame: 'at async pay (/app/src/workflows.ts:3:7)',
        },
      },
    });
  });

  it('finds code incompatible that differs before it throws', () => {
    const evidence = evidenceOf({ activations: charge(5, 'refund').slice(0, 1), failure: failure() });

    expect(judge(evidence).verdict).toBe('incompatible');
  });

  it('compares no event after the workflow task in which the code threw', () => {
    const evidence = evidenceOf({ activations: [], failure: failure({ taskStartedId: 3 }) });

    expect(stoppedBeforeEventId(evidence)).toBe(4);
    expect(judge(evidence)).toMatchObject({ verdict: 'failed', verifiedEvents: 0 });
  });

  it('finds code failed that throws in the last task, which the history does not complete', () => {
    expect(judge(evidenceOf({ failure: failure({ replaying: false }) })).verdict).toBe('failed');
  });

  describe('with a local activity that still runs when the history ends', () => {
    const message = "Local activity of type 'hash' not registered on worker";

    it('does not blame the code for the replay worker, which has no activities', () => {
      expect(judge(evidenceOf({ failure: failure({ message, replaying: false }) })).verdict).toBe(
        'compatible',
      );
    });

    it('blames the code if it throws the same while it is replayed', () => {
      expect(judge(evidenceOf({ failure: failure({ message }) })).verdict).toBe('failed');
    });
  });

  describe('with a payload that the replay could not decode', () => {
    const undecodedAfter = (afterActivations: number): Evidence['undecoded'] => ({
      ...NOTHING_UNDECODED,
      inReplay: { payload: wrongKey, afterActivations },
    });

    it('says so, and neither what core nor what the sandbox made of it', () => {
      const evidence = evidenceOf({
        activations: charge(5).slice(0, 1),
        failure: failure({ taskStartedId: 8 }),
        coreError: refusal('No command for event HistoryEvent(id: 9, X)'),
        undecoded: undecodedAfter(1),
      });

      expect(judge(evidence)).toEqual({
        verdict: 'failed',
        verifiedEvents: 5,
        drift: [],
        undecoded: wrongKey,
        error: expect.objectContaining({
          code: 'PAYLOAD_NOT_DECODED',
          message: 'A payload cannot be decoded: a payload codec threw: wrong key',
        }) as unknown,
      });
    });

    it('compares no command of the activations after it', () => {
      const activations = [charge(5)[0]!, activation(8, [scheduleActivity(2, 'refund')])];

      expect(judge(evidenceOf({ activations, undecoded: undecodedAfter(1) })).verdict).toBe('failed');
    });

    it('finds code incompatible that differs before it', () => {
      const evidence = evidenceOf({
        activations: charge(5, 'refund').slice(0, 1),
        undecoded: undecodedAfter(1),
      });

      expect(judge(evidence).verdict).toBe('incompatible');
    });
  });

  describe('with a payload that could not be decoded for the comparison', () => {
    const undecoded: Evidence['undecoded'] = { ...NOTHING_UNDECODED, inEvents: new Map([[5, wrongKey]]) };

    it('does not take it for drift', () => {
      const judgement = judge(evidenceOf({ activations: charge(6), undecoded }));

      expect(judgement).toMatchObject({
        verdict: 'failed',
        drift: [],
        error: { code: 'PAYLOAD_NOT_DECODED' },
      });
    });

    it('does without it if the produced payload is the same', () => {
      expect(judge(evidenceOf({ activations: charge(5), undecoded })).verdict).toBe('compatible');
    });

    it('knows it by an encoding that the converter of the code does not have', () => {
      const encodings = { ...NOTHING_UNDECODED, encodings: ['json/superjson'] };

      expect(judge(evidenceOf({ activations: charge(6), undecoded: encodings }))).toMatchObject({
        verdict: 'failed',
        error: { message: expect.stringContaining('Unknown encoding: json/plain') as unknown },
      });
    });
  });
});
