import { type AlignInput, type Alignment, align } from '../../../src/replay/verdict/align';
import {
  acceptUpdate,
  activation,
  activityCancelRequested,
  activityCompleted,
  activityScheduled,
  answerUpdate,
  cancelActivity,
  cancelChild,
  cancelNexus,
  cancelTimer,
  changeVersionUpsert,
  childInitiated,
  complete,
  completed,
  externalCancelInitiated,
  historyOf,
  localActivityMarker,
  nexusScheduled,
  patch,
  patchMarker,
  rejectUpdate,
  scheduleActivity,
  scheduleLocalActivity,
  scheduleNexus,
  signalWorkflow,
  signaled,
  startChild,
  startTimer,
  started,
  task,
  timerCanceled,
  timerFired,
  timerStarted,
  updateAccepted,
  updateCompleted,
} from '../../helpers/history-builders';

const alignAll = (
  events: AlignInput['events'],
  activations: AlignInput['activations'],
  more: Partial<AlignInput> = {},
): Alignment => align({ events, activations, stoppedBeforeEventId: Infinity, ...more });

/** `5 activity`: id of the event and kind of each match. */
const matchesOf = ({ pairs }: Alignment): string[] =>
  pairs.map(({ recorded }) => `${recorded.eventId} ${recorded.kind}`);

/** Event id of the mismatch, and the names on both sides. */
const mismatchOf = ({ mismatch }: Alignment) =>
  mismatch && [mismatch.eventId, mismatch.recorded?.name ?? null, mismatch.produced?.name ?? null];

describe('align', () => {
  it('lets each command event take the next command', () => {
    const events = historyOf(
      started(),
      task(),
      activityScheduled(1, 'reserve'),
      timerStarted(1),
      activityCompleted(5),
      task(),
      completed(),
    );

    const alignment = alignAll(events, [
      activation(3, [scheduleActivity(1, 'reserve'), startTimer(1)]),
      activation(9, [complete()]),
    ]);

    expect(matchesOf(alignment)).toEqual(['5 activity', '6 timer', '11 complete']);
    expect(alignment).toMatchObject({ mismatch: null, verifiedEvents: 11 });
    expect(alignment.rest).toEqual({ recorded: [], produced: [] });
  });

  it.each([
    ['another activity type', activityScheduled(1, 'reserve'), scheduleActivity(1, 'charge')],
    ['another activity id', activityScheduled(1, 'reserve'), scheduleActivity(2, 'reserve')],
    ['another timer id', timerStarted(1), startTimer(2)],
    ['another kind', timerStarted(1), scheduleActivity(1, '1')],
    ['another child type', childInitiated('ship', 'c'), startChild(1, 'bill', 'c')],
    ['another child id', childInitiated('ship', 'c'), startChild(1, 'ship', 'd')],
  ])('reports a command of %s as a mismatch', (_, event, command) => {
    const alignment = alignAll(historyOf(started(), task(), event), [activation(3, [command])]);

    expect(alignment.mismatch).toMatchObject({ eventId: 5, recorded: {}, produced: { command } });
    expect(alignment.verifiedEvents).toBe(4);
  });

  it('reports a recorded command that the code does not produce', () => {
    const alignment = alignAll(historyOf(started(), task(), activityScheduled(1, 'reserve')), [
      activation(3, []),
    ]);

    expect(mismatchOf(alignment)).toEqual([5, 'reserve', null]);
  });

  it('reports a command that is not recorded at the end of the task that produced it', () => {
    const alignment = alignAll(historyOf(started(), task(), signaled('go')), [
      activation(3, [scheduleActivity(1, 'charge')]),
    ]);

    expect(mismatchOf(alignment)).toEqual([4, null, 'charge']);
    expect(alignment.verifiedEvents).toBe(3);
  });

  it('ignores commands of a task that the history does not complete', () => {
    const open = historyOf(started(), task(), ...task().slice(0, 2));

    expect(alignAll(open, [activation(3, []), activation(6, [startTimer(1)])]).mismatch).toBeNull();
  });

  it('compares nothing from the event on at which core stopped', () => {
    const events = historyOf(started(), task(), activityScheduled(1, 'reserve'));

    const alignment = alignAll(events, [activation(3, [])], { stoppedBeforeEventId: 5 });

    expect(alignment).toMatchObject({ mismatch: null, pairs: [], verifiedEvents: 4 });
  });

  it('returns all that was recorded and produced from the mismatch on', () => {
    const events = historyOf(started(), task(), activityScheduled(1, 'a'), timerStarted(1));

    const { rest } = alignAll(events, [activation(3, [scheduleActivity(1, 'b'), startTimer(1)])]);

    expect(rest.recorded.map(({ eventId }) => eventId)).toEqual([5, 6]);
    expect(rest.produced.map(({ kind }) => kind)).toEqual(['activity', 'timer']);
  });
});

describe('a command in another workflow task than recorded', () => {
  const events = historyOf(
    started(),
    task(),
    activityScheduled(1, 'a'),
    activityCompleted(5),
    task(),
    activityScheduled(2, 'b'),
  );

  it('matches if the code issues it in an earlier one, with both tasks', () => {
    const alignment = alignAll(events, [
      activation(3, [scheduleActivity(1, 'a'), scheduleActivity(2, 'b')]),
      activation(8, []),
    ]);

    expect(alignment.mismatch).toBeNull();
    expect(alignment.pairs.map(({ earlier }) => earlier)).toEqual([
      null,
      { recordedTask: 9, producedTask: 4 },
    ]);
  });

  it('is a mismatch if the code issues it in a later one', () => {
    const alignment = alignAll(events, [
      activation(3, []),
      activation(8, [scheduleActivity(1, 'a'), scheduleActivity(2, 'b')]),
    ]);

    expect(mismatchOf(alignment)).toEqual([5, 'a', null]);
  });

  it('is not earlier if only heartbeats of a local activity are between the two tasks', () => {
    const heartbeats = historyOf(started(), task(), task(), timerStarted(1));

    const { pairs } = alignAll(heartbeats, [activation(3, [startTimer(1)])]);

    expect(pairs.map(({ earlier }) => earlier)).toEqual([null]);
  });
});

describe('commands that end the workflow', () => {
  const FLAG_MOVES_THEM_LAST = [3];
  const commands = [complete(), startTimer(1)];

  it('go last once core uses flag 3', () => {
    const events = historyOf(started(), task(FLAG_MOVES_THEM_LAST), timerStarted(1), completed());

    expect(matchesOf(alignAll(events, [activation(3, commands)]))).toEqual(['5 timer', '6 complete']);
  });

  it('drop what follows them on replay of a history from before flag 3', () => {
    const alignment = alignAll(historyOf(started(), task(), completed()), [activation(3, commands)]);

    expect(alignment.mismatch).toBeNull();
    expect(matchesOf(alignment)).toEqual(['5 complete']);
  });

  it('go last, flag or not, in a task that is not replayed', () => {
    const events = historyOf(started(), task(), timerStarted(1), completed());

    const alignment = alignAll(events, [activation(3, commands, { replaying: false })]);

    expect(matchesOf(alignment)).toEqual(['5 timer', '6 complete']);
  });

  it('count once, the first of them', () => {
    const events = historyOf(started(), task(FLAG_MOVES_THEM_LAST), completed());

    expect(matchesOf(alignAll(events, [activation(3, [complete(1), complete(2)])]))).toEqual(['5 complete']);
  });
});

describe('a cancellation', () => {
  it.each([
    ['a timer', [startTimer(1), cancelTimer(1)]],
    ['an activity', [scheduleActivity(1, 'a'), cancelActivity(1)]],
    ['a child', [startChild(1, 'ship', 'c', { cancellationType: 2 }), cancelChild(1)]],
    ['a Nexus operation', [scheduleNexus(1, 'pay'), cancelNexus(1)]],
    ['a signal', [signalWorkflow(1, 'go'), { cancelSignalWorkflow: { seq: 1 } }]],
  ])('of %s that was not sent yet removes both commands', (_, commands) => {
    const alignment = alignAll(historyOf(started(), task(), signaled('go')), [activation(3, commands)]);

    expect(alignment).toMatchObject({ mismatch: null, pairs: [] });
  });

  it('of a timer that was sent is a command of its own', () => {
    const events = historyOf(started(), task(), timerStarted(1), signaled('go'), task(), timerCanceled(1));

    const alignment = alignAll(events, [activation(3, [startTimer(1)]), activation(8, [cancelTimer(1)])]);

    expect(matchesOf(alignment)).toEqual(['5 timer', '10 timerCancel']);
  });

  it('of an activity that was sent names the event that scheduled it', () => {
    const recordedFor = (scheduledEventId: number) =>
      historyOf(
        started(),
        task(),
        activityScheduled(1, 'a'),
        signaled('go'),
        task(),
        activityCancelRequested(scheduledEventId),
      );
    const activations = [activation(3, [scheduleActivity(1, 'a')]), activation(8, [cancelActivity(1)])];

    expect(matchesOf(alignAll(recordedFor(5), activations))).toEqual(['5 activity', '10 activityCancel']);
    expect(alignAll(recordedFor(4), activations).mismatch).toMatchObject({ eventId: 10 });
  });

  it('of a child that was sent is recorded as the cancel of an external workflow', () => {
    const events = historyOf(
      started(),
      task(),
      childInitiated('ship', 'c'),
      signaled('go'),
      task(),
      externalCancelInitiated('c'),
    );

    const alignment = alignAll(events, [
      activation(3, [startChild(1, 'ship', 'c', { cancellationType: 2 })]),
      activation(8, [cancelChild(1)]),
    ]);

    expect(matchesOf(alignment)).toEqual(['5 child', '10 externalCancel']);
    expect(alignment.pairs[1]!.produced.name).toBe('c');
  });

  it.each([
    [
      'an abandoned activity',
      activityScheduled(1, 'a'),
      scheduleActivity(1, 'a', { cancellationType: 2 }),
      cancelActivity(1),
    ],
    [
      'an abandoned child',
      childInitiated('ship', 'c'),
      startChild(1, 'ship', 'c', { cancellationType: 0 }),
      cancelChild(1),
    ],
    [
      'an abandoned Nexus operation',
      nexusScheduled('pay'),
      scheduleNexus(1, 'pay', { cancellationType: 1 }),
      cancelNexus(1),
    ],
  ])('of %s sends nothing', (_, event, command, cancel) => {
    const events = historyOf(started(), task(), event, signaled('go'), task());

    const alignment = alignAll(events, [activation(3, [command]), activation(8, [cancel])]);

    expect(alignment).toMatchObject({ mismatch: null, verifiedEvents: 9 });
  });

  it('of a timer that has fired sends nothing', () => {
    const events = historyOf(started(), task(), timerStarted(1), timerFired(1, 5), task());

    const alignment = alignAll(events, [activation(3, [startTimer(1)]), activation(8, [cancelTimer(1)])]);

    expect(alignment.mismatch).toBeNull();
  });

  it('that is repeated sends nothing', () => {
    const events = historyOf(started(), task(), timerStarted(1), signaled('go'), task(), timerCanceled(1));

    const alignment = alignAll(events, [
      activation(3, [startTimer(1)]),
      activation(8, [cancelTimer(1), cancelTimer(1)]),
    ]);

    expect(alignment.mismatch).toBeNull();
  });
});

describe('a patch marker', () => {
  const timer = [startTimer(1)];

  it('takes the upsert of the change version with it', () => {
    const events = historyOf(started(), task(), patchMarker('p'), changeVersionUpsert(), timerStarted(1));

    const alignment = alignAll(events, [activation(3, [patch('p'), ...timer])]);

    expect(matchesOf(alignment)).toEqual(['5 patch', '7 timer']);
  });

  it('need not be recorded for a call of patched()', () => {
    const alignment = alignAll(historyOf(started(), task(), timerStarted(1)), [
      activation(3, [patch('p'), ...timer]),
    ]);

    expect(matchesOf(alignment)).toEqual(['5 timer']);
    expect(alignment.mismatch).toBeNull();
  });

  it('need not be recorded for a call of patched() at the end either', () => {
    const alignment = alignAll(historyOf(started(), task(), timerStarted(1)), [
      activation(3, [...timer, patch('p')]),
    ]);

    expect(alignment.mismatch).toBeNull();
  });

  it('is a mismatch without its call', () => {
    const events = historyOf(started(), task(), patchMarker('p'), changeVersionUpsert(), timerStarted(1));

    expect(mismatchOf(alignAll(events, [activation(3, timer)]))).toEqual([5, 'p', '1']);
  });

  it('is a mismatch with the call of another patch', () => {
    const events = historyOf(started(), task(), patchMarker('p'), changeVersionUpsert());

    expect(mismatchOf(alignAll(events, [activation(3, [patch('q')])]))).toEqual([5, 'p', 'q']);
  });

  it('that is deprecated is passed over without its call, with its upsert', () => {
    const deprecated = patchMarker('p', { deprecated: true });
    const events = historyOf(started(), task(), deprecated, changeVersionUpsert(), timerStarted(1));

    const alignment = alignAll(events, [activation(3, timer)]);

    expect(alignment.mismatch).toBeNull();
    expect(matchesOf(alignment)).toEqual(['7 timer']);
  });
});

describe('a local activity', () => {
  it('is matched by its number when its marker comes, wherever that is', () => {
    const events = historyOf(
      started(),
      task(),
      timerStarted(1),
      localActivityMarker(2, 'b'),
      localActivityMarker(1, 'a'),
    );

    const alignment = alignAll(events, [
      activation(3, [scheduleLocalActivity(1, 'a'), scheduleLocalActivity(2, 'b'), startTimer(1)]),
    ]);

    expect(matchesOf(alignment)).toEqual(['5 timer', '6 localActivity', '7 localActivity']);
  });

  it('is not earlier than recorded if its marker comes in a later workflow task', () => {
    const events = historyOf(started(), task(), signaled('go'), task(), localActivityMarker(1, 'a'));

    const { pairs } = alignAll(events, [activation(3, [scheduleLocalActivity(1, 'a')]), activation(7, [])]);

    expect(pairs.map(({ earlier }) => earlier)).toEqual([null]);
  });

  it('is a mismatch if its marker has another type', () => {
    const events = historyOf(started(), task(), localActivityMarker(1, 'a'));

    expect(mismatchOf(alignAll(events, [activation(3, [scheduleLocalActivity(1, 'b')])]))).toEqual([
      5,
      'a',
      'b',
    ]);
  });

  it('needs no marker while it runs', () => {
    const events = historyOf(started(), task(), signaled('go'));

    expect(alignAll(events, [activation(3, [scheduleLocalActivity(1, 'a')])]).mismatch).toBeNull();
  });

  it('stands in for a command that the code no longer issues before it', () => {
    const events = historyOf(started(), task(), timerStarted(1));

    expect(mismatchOf(alignAll(events, [activation(3, [scheduleLocalActivity(1, 'a')])]))).toEqual([
      5,
      '1',
      'a',
    ]);
  });
});

describe('an update', () => {
  it('has one command for its acceptance and one for its answer', () => {
    const events = historyOf(
      started(),
      task(),
      updateAccepted('reserve', 'u1/request'),
      updateCompleted(5, 'u1'),
    );

    const alignment = alignAll(events, [
      activation(3, [acceptUpdate('u1/request'), answerUpdate('u1/request', 'ok')]),
    ]);

    expect(matchesOf(alignment)).toEqual(['5 updateAccepted', '6 updateCompleted']);
  });

  it('is answered under the id of its own acceptance', () => {
    const events = historyOf(
      started(),
      task(),
      updateAccepted('reserve', 'u1'),
      updateAccepted('reserve', 'u2'),
      updateCompleted(6, 'u2'),
    );
    const answering = (id: string) => [
      activation(3, [acceptUpdate('u1'), acceptUpdate('u2'), answerUpdate(id, 'ok')]),
    ];

    expect(alignAll(events, answering('u2')).mismatch).toBeNull();
    expect(alignAll(events, answering('u1')).mismatch).toMatchObject({ eventId: 7 });
  });

  it('that its validator rejects leaves nothing in the history', () => {
    const alignment = alignAll(historyOf(started(), task(), signaled('go')), [
      activation(3, [rejectUpdate('u1', 'no')]),
    ]);

    expect(alignment).toMatchObject({ mismatch: null, pairs: [] });
  });
});

describe('what the code does after a mismatch', () => {
  const events = historyOf(started(), task(), activityScheduled(1, 'a'), timerStarted(1));
  const whatIf = [activation(Number.MAX_SAFE_INTEGER, [startTimer(1)])];

  it('counts for the rest, not for the verdict', () => {
    const alignment = alignAll(events, [activation(3, [scheduleActivity(1, 'b')])], { whatIf });

    expect(mismatchOf(alignment)).toEqual([5, 'a', 'b']);
    expect(alignment.rest.produced.map(({ kind }) => kind)).toEqual(['activity', 'timer']);
  });

  it('cancels what was issued before by a command of its own', () => {
    const cancels = [activation(Number.MAX_SAFE_INTEGER, [cancelActivity(1)])];

    const { rest } = alignAll(events, [activation(3, [scheduleActivity(1, 'b')])], { whatIf: cancels });

    expect(rest.produced.map(({ kind }) => kind)).toEqual(['activity', 'activityCancel']);
  });
});
