import { type WhatIfInput, playOn } from '../../../src/replay/trace/what-if';
import type { SdkActivation } from '../../../src/sdk/activation-jobs';
import { type Command, type Event, recordedItemOf } from '../../../src/temporal/commands';
import {
  activityCompleted,
  activityScheduled,
  complete,
  historyOf,
  json,
  patchMarker,
  scheduleActivity,
  signaled,
  startChild,
  startTimer,
  started,
  task,
  timerFired,
  timerStarted,
} from '../../helpers/history-builders';

/** `a` at event 5 with its result, `b` at 11 with its result, a signal at the end. */
const EVENTS = historyOf(
  started(),
  task(),
  activityScheduled(1, 'a'),
  activityCompleted(5, 'of a'),
  task(),
  signaled('early'),
  activityScheduled(2, 'b'),
  activityCompleted(11, 'of b'),
  signaled('late'),
);
const itemsOf = (events: readonly Event[], ...eventIds: number[]) =>
  eventIds.map((id) => recordedItemOf(events[id - 1]!)!);

/** Runs code on that answers each further activation with the next commands, and returns the jobs that it got. */
async function jobsOf(
  firstCommands: readonly Command[],
  later: readonly (readonly Command[] | null)[],
  {
    events = EVENTS,
    unmatched = itemsOf(EVENTS, 5, 11),
    ...more
  }: Partial<Omit<WhatIfInput, 'activate' | 'activations'>> = {},
): Promise<SdkActivation['jobs'][]> {
  const jobs: SdkActivation['jobs'][] = [];
  const answers = [...later];
  await playOn({
    events,
    unmatched,
    matched: new Map(),
    isTimeout: () => false,
    ...more,
    activations: [{ activation: { historyLength: 3, jobs: [] }, commands: firstCommands }],
    activate: (activation) => {
      jobs.push(activation.jobs);
      return Promise.resolve(answers.length > 0 ? answers.shift()! : []);
    },
  });
  return jobs;
}

const resolved = (seq: number, result: unknown) => ({
  resolveActivity: { seq, isLocal: false, result: { completed: { result: json(result) } } },
});

describe('playOn', () => {
  it('answers a command as the like one was answered in the history', async () => {
    const [jobs] = await jobsOf([scheduleActivity(7, 'a')], []);

    expect(jobs).toEqual([resolved(7, 'of a')]);
  });

  it('answers a new command at once with the result of the command in whose place it comes', async () => {
    const [jobs] = await jobsOf([scheduleActivity(1, 'renamed')], []);

    expect(jobs).toEqual([resolved(1, 'of a')]);
  });

  it('answers a new command of another kind with an empty object', async () => {
    const [start, end] = await jobsOf([startChild(1, 'ship', 'c')], []);

    expect(start).toEqual([
      { resolveChildWorkflowExecutionStart: { seq: 1, succeeded: { runId: 'unknown' } } },
    ]);
    expect(end).toEqual([
      { resolveChildWorkflowExecution: { seq: 1, result: { completed: { result: json({}) } } } },
    ]);
  });

  it('delivers signals and answers in the order of the history', async () => {
    const jobs = await jobsOf([], [[scheduleActivity(2, 'b')]], { unmatched: itemsOf(EVENTS, 11) });

    expect(jobs).toMatchObject([
      [{ signalWorkflow: { signalName: 'early' } }],
      [resolved(2, 'of b')],
      [{ signalWorkflow: { signalName: 'late' } }],
    ]);
  });

  it('answers a command that comes too early at once', async () => {
    const [jobs] = await jobsOf([scheduleActivity(1, 'b')], []);

    expect(jobs).toEqual([resolved(1, 'of b')]);
  });

  it('tells the code of the patch markers that are recorded after the difference, once', async () => {
    const events = historyOf(started(), task(), patchMarker('p'), signaled('go'), signaled('again'));

    const jobs = await jobsOf([], [], { events, unmatched: itemsOf(events, 5) });

    expect(jobs).toMatchObject([
      [{ notifyHasPatch: { patchId: 'p' } }, { signalWorkflow: { signalName: 'go' } }],
      [{ signalWorkflow: { signalName: 'again' } }],
    ]);
  });

  it('takes a timer of another length for the recorded one where that is due', async () => {
    const events = historyOf(started(), task(), timerStarted(1, 60), signaled('go'), timerFired(1, 5));

    const jobs = await jobsOf([startTimer(1, 30)], [], { events, unmatched: itemsOf(events, 5) });

    expect(jobs).toMatchObject([[{ signalWorkflow: {} }], [{ fireTimer: { seq: 1 } }]]);
  });

  it('fires a timer that limits a wait only if nothing else can happen', async () => {
    const limits = { unmatched: [], isTimeout: () => true };

    const jobs = await jobsOf([startTimer(1)], [], limits);

    expect(jobs.map((batch) => Object.keys(batch![0]!)[0])).toEqual([
      'signalWorkflow',
      'signalWorkflow',
      'fireTimer',
    ]);
  });

  it('does not fire a timer that the code has cancelled', async () => {
    const jobs = await jobsOf([startTimer(1), { cancelTimer: { seq: 1 } }], [], { unmatched: [] });

    expect(jobs.flat()).not.toContainEqual({ fireTimer: { seq: 1 } });
  });

  it('ends when the workflow ends', async () => {
    expect(await jobsOf([scheduleActivity(1, 'a')], [[complete()]])).toHaveLength(1);
  });

  it('ends when the code throws', async () => {
    expect(await jobsOf([scheduleActivity(1, 'a')], [null])).toHaveLength(1);
  });

  it('ends when nothing is left to answer', async () => {
    const events = historyOf(started(), task());

    expect(await jobsOf([], [], { events, unmatched: [] })).toEqual([]);
  });

  it('ends code that never stops to ask', async () => {
    const jobs = await jobsOf(
      [scheduleActivity(0, 'x')],
      Array.from({ length: 1_000 }, (_, i) => [scheduleActivity(i + 1, 'x')]),
    );

    expect(jobs).toHaveLength(300);
  });
});
