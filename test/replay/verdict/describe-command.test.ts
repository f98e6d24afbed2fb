import { collectTargetNames, describeCommand } from '../../../src/replay/verdict/describe-command';
import { type ProducedItem, recordedItemOf } from '../../../src/temporal/commands';

const item = (part: Partial<ProducedItem>): ProducedItem => ({
  kind: 'activity',
  command: {},
  name: null,
  identity: {},
  seq: 1,
  taskStartedId: 3,
  order: 0,
  ...part,
});
const NOTHING = collectTargetNames([], []);

describe('describeCommand', () => {
  it('names an activity, a child and a patch', () => {
    expect(describeCommand(item({ name: 'chargeCard' }), NOTHING)).toBe('`chargeCard` activity');
    expect(describeCommand(item({ kind: 'child', name: 'shipOrder' }), NOTHING)).toBe('child `shipOrder`');
    expect(describeCommand(item({ kind: 'patch', name: 'fraud' }), NOTHING)).toBe('patch `fraud`');
  });

  it('gives the length of a timer, and of the timer that a cancel ends', () => {
    const timer = item({
      kind: 'timer',
      identity: { timerId: '2' },
      command: { startTimer: { seq: 2, startToFireTimeout: { seconds: 5_400 as never } } },
    });
    const cancel = item({ kind: 'timerCancel', identity: { timerId: '2' } });

    expect(describeCommand(timer, NOTHING)).toBe('timer 1h 30m');
    expect(describeCommand(cancel, collectTargetNames([], [timer]))).toBe('cancel of timer 1h 30m');
  });

  it('looks up a cancelled timer on its own side, where the same number is another timer', () => {
    const length = (seconds: number) => ({ startToFireTimeout: { seconds: seconds as never } });
    const recorded = recordedItemOf({
      eventId: 5 as never,
      timerStartedEventAttributes: { timerId: '1', ...length(60) },
    })!;
    const produced = item({
      kind: 'timer',
      identity: { timerId: '1' },
      command: { startTimer: { seq: 1, ...length(30) } },
    });
    const targetNames = collectTargetNames([recorded], [produced]);

    expect(describeCommand(item({ kind: 'timerCancel', identity: { timerId: '1' } }), targetNames)).toBe(
      'cancel of timer 30s',
    );
  });

  it('gives the name of an answered update, which only its acceptance holds', () => {
    const accepted = recordedItemOf({
      eventId: 5 as never,
      workflowExecutionUpdateAcceptedEventAttributes: {
        protocolInstanceId: 'b1f2',
        acceptedRequest: { input: { name: 'reserve' } },
      },
    })!;
    const answered = item({ kind: 'updateCompleted', identity: { protocolInstanceId: 'b1f2' } });

    expect(describeCommand(answered, collectTargetNames([accepted], []))).toBe('update `reserve` answered');
    expect(describeCommand(answered, NOTHING)).toBe('update `b1f2` answered');
  });

  it('replaces backticks within a name', () => {
    expect(describeCommand(item({ name: 'a`b' }), NOTHING)).toBe("`a'b` activity");
  });
});
