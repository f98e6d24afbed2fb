import { diffValues } from '../../../src/replay/verdict/payload-values';
import { align } from '../../../src/replay/verdict/align';
import { type RunContext, driftOf } from '../../../src/replay/verdict/drift';
import type { Drift } from '../../../src/model/verdict';
import type { Command } from '../../../src/temporal/commands';
import {
  type Entry,
  acceptUpdate,
  activation,
  activityCompleted,
  activityScheduled,
  answerUpdate,
  childInitiated,
  complete,
  completed,
  continuedAsNew,
  fail,
  failed,
  historyOf,
  json,
  scheduleActivity,
  seconds,
  startChild,
  startTimer,
  started,
  task,
  timerStarted,
  updateAccepted,
  updateCompleted,
} from '../../helpers/history-builders';

const NAMESPACE = 'default';

/** The drift of commands that the code issues in the first workflow task, from event 5 on. */
function driftBetween(
  recorded: readonly Entry[],
  produced: readonly Command[],
  run: Partial<RunContext> = {},
): Drift[] {
  const events = historyOf(started(), task(), recorded);
  const { pairs, mismatch } = align({
    events,
    activations: [activation(3, produced)],
    stoppedBeforeEventId: Infinity,
  });
  expect(mismatch).toBeNull();
  return driftOf(pairs, { started: {}, runIdAliases: [], namespace: NAMESPACE, ...run });
}

/** `path: recorded → produced`. */
const inWords = (drift: readonly Drift[]): string[] =>
  drift.map(
    ({ path, recorded, produced }) => `${path}: ${JSON.stringify(recorded)} → ${JSON.stringify(produced)}`,
  );

describe('the drift of commands', () => {
  it('is empty for equal content', () => {
    const options = { taskQueue: 'q', startToCloseTimeout: seconds(10) };
    const recorded = activityScheduled(1, 'a', {
      input: [{ card: 1 }],
      taskQueue: { name: 'q' },
      startToCloseTimeout: seconds(10),
    });

    expect(
      driftBetween([recorded], [scheduleActivity(1, 'a', { input: [{ card: 1 }], ...options })]),
    ).toEqual([]);
  });

  it('names each leaf of a payload that differs, and the event', () => {
    const drift = driftBetween(
      [activityScheduled(1, 'a', { input: [{ card: 1, items: ['x'] }, 2] })],
      [scheduleActivity(1, 'a', { input: [{ card: 5, items: ['y', 'z'] }, 2] })],
    );

    expect(inWords(drift)).toEqual([
      'input[0].card: 1 → 5',
      'input[0].items[0]: "x" → "y"',
      'input[0].items[1]: null → "z"',
    ]);
    expect(drift[0]!.eventId).toBe(5);
  });

  it('is limited to 20 differences of one command', () => {
    const input = (value: number) => Array.from({ length: 30 }, () => value);

    const drift = driftBetween(
      [activityScheduled(1, 'a', { input: [input(1)] })],
      [scheduleActivity(1, 'a', { input: [input(2)] })],
    );

    expect(drift).toHaveLength(20);
  });

  it('includes a command that is issued in an earlier workflow task, with the ids of both tasks', () => {
    const events = historyOf(
      started(),
      task(),
      activityScheduled(1, 'a'),
      activityCompleted(5),
      task(),
      activityScheduled(2, 'b'),
    );
    const { pairs } = align({
      events,
      activations: [activation(3, [scheduleActivity(1, 'a'), scheduleActivity(2, 'b')]), activation(8, [])],
      stoppedBeforeEventId: Infinity,
    });

    expect(driftOf(pairs, { started: {}, runIdAliases: [], namespace: NAMESPACE })).toEqual([
      { eventId: 10, path: 'earlier', recorded: 9, produced: 4 },
    ]);
  });

  it('does not include values that differ by the ids of a reset run only', () => {
    const [was, is] = ['order run-1', 'order run-2'];
    const drift = (runIdAliases: string[]) =>
      driftBetween(
        [activityScheduled(1, 'a', { input: [was] })],
        [scheduleActivity(1, 'a', { input: [is] })],
        { runIdAliases },
      );

    expect(drift(['run-1', 'run-2'])).toEqual([]);
    expect(inWords(drift(['run-1']))).toEqual(['input: "order run-1" → "order run-2"']);
  });
});

describe('the drift of an activity', () => {
  const drift = (
    recorded: Parameters<typeof activityScheduled>[2],
    produced: Parameters<typeof scheduleActivity>[2],
    run: Partial<RunContext> = {},
  ): string[] =>
    inWords(driftBetween([activityScheduled(1, 'a', recorded)], [scheduleActivity(1, 'a', produced)], run));

  it('shows task queues and durations as the code writes them', () => {
    expect(
      drift(
        { taskQueue: { name: 'slow' }, startToCloseTimeout: seconds(10) },
        { taskQueue: 'fast', startToCloseTimeout: seconds(20) },
      ),
    ).toEqual(['taskQueue: "slow" → "fast"', 'startToCloseTimeout: "10s" → "20s"']);
  });

  it('fills in timeouts from schedule-to-close, as the server does', () => {
    const filled = {
      scheduleToCloseTimeout: seconds(60),
      scheduleToStartTimeout: seconds(60),
      startToCloseTimeout: seconds(60),
    };

    expect(drift(filled, { scheduleToCloseTimeout: seconds(60) })).toEqual([]);
    expect(
      drift(
        { ...filled, startToCloseTimeout: seconds(10) },
        { scheduleToCloseTimeout: seconds(60), startToCloseTimeout: seconds(10) },
      ),
    ).toEqual([]);
  });

  it('caps timeouts by the run timeout, and the heartbeat by start-to-close', () => {
    const capped = {
      scheduleToCloseTimeout: seconds(30),
      scheduleToStartTimeout: seconds(30),
      startToCloseTimeout: seconds(30),
      heartbeatTimeout: seconds(30),
    };
    const run = { started: { workflowRunTimeout: seconds(30) } };

    expect(drift(capped, { startToCloseTimeout: seconds(60), heartbeatTimeout: seconds(90) }, run)).toEqual(
      [],
    );
  });

  it('fills in the default retry policy, as the server does', () => {
    const policy = {
      initialInterval: seconds(1),
      backoffCoefficient: 2,
      maximumInterval: seconds(100),
      maximumAttempts: 0,
    };

    expect(drift({ retryPolicy: policy }, {})).toEqual([]);
    expect(drift({ retryPolicy: policy }, { retryPolicy: { maximumAttempts: 3 } })).toEqual([
      'retryPolicy.maximumAttempts: 0 → 3',
    ]);
    expect(drift({ retryPolicy: policy }, { retryPolicy: { initialInterval: seconds(5) } })).toEqual([
      'retryPolicy.initialInterval: "1s" → "5s"',
      'retryPolicy.maximumInterval: "100s" → "500s"',
    ]);
  });
});

describe('the drift of a timer', () => {
  it('is its length', () => {
    expect(inWords(driftBetween([timerStarted(1, 60)], [startTimer(1, 1.5)]))).toEqual([
      'startToFireTimeout: "60s" → "1.5s"',
    ]);
  });
});

describe('the drift of a child workflow', () => {
  const drift = (
    recorded: Parameters<typeof childInitiated>[2],
    produced: Parameters<typeof startChild>[3],
    run: Partial<RunContext> = {},
  ): string[] =>
    inWords(
      driftBetween([childInitiated('ship', 'c', recorded)], [startChild(1, 'ship', 'c', produced)], run),
    );
  /** Attributes that the server records for a child without options. */
  const FILLED = { parentClosePolicy: 1, workflowIdReusePolicy: 1, workflowTaskTimeout: seconds(10) };

  it('fills in policies and the task timeout, as the server does', () => {
    expect(drift(FILLED, {})).toEqual([]);
    expect(drift(FILLED, { parentClosePolicy: 2, workflowIdReusePolicy: 3 })).toEqual([
      'parentClosePolicy: 1 → 2',
      'workflowIdReusePolicy: 1 → 3',
    ]);
  });

  it('takes the task queue of the parent for one that is not given', () => {
    const run = { started: { taskQueue: { name: 'orders' } } };

    expect(drift({ ...FILLED, taskQueue: { name: 'orders' } }, {}, run)).toEqual([]);
  });

  it('caps the run timeout by the execution timeout', () => {
    const recorded = {
      ...FILLED,
      workflowExecutionTimeout: seconds(60),
      workflowRunTimeout: seconds(60),
    };

    expect(
      drift(recorded, { workflowExecutionTimeout: seconds(60), workflowRunTimeout: seconds(90) }),
    ).toEqual([]);
  });

  it('caps the task timeout by the run timeout', () => {
    const recorded = {
      ...{ parentClosePolicy: 1, workflowIdReusePolicy: 1, workflowTaskTimeout: seconds(2) },
      ...{ workflowExecutionTimeout: seconds(2), workflowRunTimeout: seconds(2) },
    };

    expect(drift(recorded, { workflowExecutionTimeout: seconds(2) })).toEqual([]);
  });

  it('includes a retry policy that only one side has', () => {
    expect(drift({ ...FILLED, retryPolicy: { maximumAttempts: 3 } }, {})).toEqual([
      expect.stringMatching(/^retryPolicy: \{.*"maximumAttempts":3.*\} → null$/),
    ]);
  });

  it('includes a namespace only if the code chose another one than its own', () => {
    expect(drift({ ...FILLED, namespace: 'production' }, { namespace: NAMESPACE })).toEqual([]);
    expect(drift({ ...FILLED, namespace: 'production' }, { namespace: 'billing' })).toEqual([
      'namespace: "production" → "billing"',
    ]);
  });

  it('compares the values of search attributes without the metadata that the server adds', () => {
    const typed = (value: unknown) => ({
      ...json(value),
      metadata: { ...json(value).metadata, type: Buffer.from('Keyword') },
    });
    const recorded = { ...FILLED, searchAttributes: { indexedFields: { State: typed('open') } } };
    const searchAttributes = (value: string) =>
      ({ searchAttributes: { indexedFields: { State: json(value) } } }) as Parameters<typeof startChild>[3];

    expect(drift(recorded, searchAttributes('open'))).toEqual([]);
    expect(drift(recorded, searchAttributes('shut'))).toEqual(['searchAttributes.State: "open" → "shut"']);
  });
});

describe('the drift of the end of a workflow', () => {
  it('is its result', () => {
    expect(inWords(driftBetween([completed({ total: 5 })], [complete({ total: 6 })]))).toEqual([
      'result.total: 5 → 6',
    ]);
  });

  it('is its failure, without the stack trace', () => {
    const recorded = failed({ message: 'no card', stackTrace: 'at a.ts:1' });

    expect(driftBetween([recorded], [fail('no card', 'at a.ts:2')])).toEqual([]);
    expect(inWords(driftBetween([recorded], [fail('no money')]))).toEqual([
      'failure.message: "no card" → "no money"',
    ]);
  });

  it('is what a continued run gets; options that are not given are those of the current run', () => {
    const run = {
      started: {
        workflowType: { name: 'loop' },
        taskQueue: { name: 'q' },
        workflowRunTimeout: seconds(60),
        workflowTaskTimeout: seconds(10),
      },
    };
    const recorded = continuedAsNew({
      workflowType: { name: 'loop' },
      taskQueue: { name: 'q' },
      workflowRunTimeout: seconds(60),
      workflowTaskTimeout: seconds(10),
      memo: { fields: { note: json('kept') } },
    });

    expect(driftBetween([recorded], [{ continueAsNewWorkflowExecution: {} }], run)).toEqual([]);
    expect(
      inWords(
        driftBetween(
          [recorded],
          [{ continueAsNewWorkflowExecution: { taskQueue: 'other', memo: { note: json('new') } } }],
          run,
        ),
      ),
    ).toEqual(['taskQueue: "q" → "other"', 'memo.note: "kept" → "new"']);
  });
});

describe('the drift of an update', () => {
  it('is the outcome of its answer', () => {
    const recorded = [
      updateAccepted('reserve', 'u1'),
      updateCompleted(5, 'u1', { success: { payloads: [json('ok')] } }),
    ];

    const drift = driftBetween(recorded, [acceptUpdate('u1'), answerUpdate('u1', 'full')]);

    expect(inWords(drift)).toEqual(['outcome.success: "ok" → "full"']);
  });
});

describe('values that are nested deep', () => {
  const nested = (depth: number, leaf: number): unknown =>
    JSON.parse(`${'['.repeat(depth)}${leaf}${']'.repeat(depth)}`) as unknown;

  it('show no drift if they are the same, and one that can be written if they are not', () => {
    const same = diffValues('input', { a: 1, deep: nested(100_000, 1) }, { deep: nested(100_000, 1), a: 1 });
    const different = diffValues('input', nested(100_000, 1), nested(100_000, 2));

    expect(same).toEqual([]);
    expect(different).toHaveLength(1);
    expect(JSON.stringify(different)).toContain('nested more than 100 levels deep');
  });
});
