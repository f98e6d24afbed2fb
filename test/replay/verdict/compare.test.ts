import type { Alignment } from '../../../src/replay/verdict/align';
import { composeMessage } from '../../../src/model/message';
import { compare } from '../../../src/replay/verdict/compare';
import { producedSummaryOf, recordedItemOf, type Command, type Event } from '../../../src/temporal/commands';
import type { ProducedItem, RecordedItem } from '../../../src/temporal/commands';

const payloads = (value: unknown) => [{ data: Buffer.from(JSON.stringify(value)) }];

const recorded = (eventId: number, attributes: Event): RecordedItem =>
  recordedItemOf({ eventId: eventId as never, ...attributes })!;

const produced = (order: number, command: Command): ProducedItem => ({
  ...producedSummaryOf(command)!,
  command,
  taskStartedId: 3,
  order,
});

const scheduled = (eventId: number, name: string, input: unknown): RecordedItem =>
  recorded(eventId, {
    activityTaskScheduledEventAttributes: {
      activityType: { name },
      activityId: String(eventId),
      input: { payloads: payloads(input) },
    },
  });

const schedules = (order: number, activityType: string, input: unknown): ProducedItem =>
  produced(order, { scheduleActivity: { seq: order, activityType, arguments: payloads(input) } });

const NO_DRIFT: ReadonlySet<number> = new Set();

const alignment = (
  pairs: [RecordedItem, ProducedItem][],
  mismatch: Omit<NonNullable<Alignment['mismatch']>, 'eventId'>,
  rest: Alignment['rest'],
): Alignment => ({
  pairs: pairs.map(([was, is]) => ({ recorded: was, produced: is })) as Alignment['pairs'],
  mismatch: { eventId: mismatch.recorded?.eventId ?? 0, ...mismatch },
  verifiedEvents: 0,
  rest,
});

describe('compare', () => {
  it('takes search attributes for the same in any order', () => {
    const fields = { State: {}, Battery: {} };
    const was = recorded(6, {
      upsertWorkflowSearchAttributesEventAttributes: { searchAttributes: { indexedFields: fields } },
    });
    const is = produced(1, {
      upsertWorkflowSearchAttributes: { searchAttributes: { indexedFields: { Battery: {}, State: {} } } },
    });

    expect([was.name, is.name]).toEqual(['Battery, State', 'Battery, State']);
  });

  it('reports the removed command, not a call that a loop issues later with another input', () => {
    const was = [scheduled(5, 'remind', 1), scheduled(11, 'debit', 1), scheduled(17, 'remind', 1)];
    const ends = recorded(23, { workflowExecutionCompletedEventAttributes: {} });
    const is = [schedules(1, 'remind', 1), schedules(2, 'rest', 2), schedules(3, 'remind', 2)];
    const rested = scheduled(22, 'rest', 2);

    const comparison = compare(
      alignment(
        [[was[0]!, is[0]!]],
        { recorded: was[1]!, produced: is[1]! },
        { recorded: [was[1]!, was[2]!, rested, ends], produced: [is[1]!, is[2]!] },
      ),
      NO_DRIFT,
    );

    expect(comparison).toMatchObject({ kind: 'removed', recorded: { eventId: 11 } });
    expect(composeMessage(comparison!.headline)).toMatch(/^`debit` activity is gone/);
  });

  it('reports a command that now waits for the answer to another one as moved', () => {
    const was = [scheduled(5, 'invite', 'a'), scheduled(6, 'invite', 'b')];
    const is = [schedules(1, 'invite', 'a'), schedules(2, 'invite', 'b')];

    const comparison = compare(
      alignment(
        [[was[0]!, is[0]!]],
        { recorded: was[1]!, produced: null },
        { recorded: [was[1]!], produced: [is[1]!] },
      ),
      NO_DRIFT,
    );

    expect(comparison!.kind).toBe('moved');
    expect(composeMessage(comparison!.headline)).toBe(
      '`invite` activity comes in a later workflow task than recorded',
    );
  });

  it('names the activity that has passed a timer if another timer of the same length follows', () => {
    const starts = (eventId: number): RecordedItem =>
      recorded(eventId, {
        timerStartedEventAttributes: {
          timerId: String(eventId),
          startToFireTimeout: { seconds: 1 as never },
        },
      });
    const sets = (seq: number): ProducedItem =>
      produced(seq, { startTimer: { seq, startToFireTimeout: { seconds: 1 as never } } });
    const was = [starts(5), scheduled(10, 'fetch', 1), starts(16)];
    const is = [schedules(1, 'fetch', 1), sets(2), sets(3)];

    const comparison = compare(
      alignment([], { recorded: was[0]!, produced: is[0]! }, { recorded: was, produced: is }),
      NO_DRIFT,
    );

    expect(composeMessage(comparison!.headline)).toBe('`fetch` activity now comes before timer 1s');
  });

  it('tells a child from the same one with another id by that id', () => {
    const was = recorded(5, {
      startChildWorkflowExecutionInitiatedEventAttributes: {
        workflowType: { name: 'ship' },
        workflowId: 'o1-shipment',
      },
    });
    const is = produced(1, {
      startChildWorkflowExecution: { seq: 1, workflowType: 'ship', workflowId: 'o1-parcel' },
    });

    const { rows } = compare(
      alignment([], { recorded: was, produced: is }, { recorded: [was], produced: [is] }),
      NO_DRIFT,
    )!;

    expect(rows).toMatchObject([
      {
        op: 'renamed',
        recorded: 'child `ship` with id o1-shipment',
        produced: 'child `ship` with id o1-parcel',
      },
    ]);
  });

  it('names the error with which the workflow now ends', () => {
    const was = [scheduled(5, 'lock', 1), scheduled(11, 'unlock', 1)];
    const fails = produced(1, {
      failWorkflowExecution: {
        failure: { message: 'handle is not a function', applicationFailureInfo: { type: 'TypeError' } },
      },
    });

    const comparison = compare(
      alignment([], { recorded: was[0]!, produced: fails }, { recorded: was, produced: [fails] }),
      NO_DRIFT,
    );

    expect(composeMessage(comparison!.headline)).toBe(
      'the workflow now fails where it went on with `lock` activity: TypeError: handle is not a function',
    );
    expect(comparison!.headline).toMatchObject({
      errorType: 'TypeError',
      foreign: 'handle is not a function',
    });
  });

  it('reports an end of the workflow that is removed', () => {
    const was = recorded(7, {
      workflowExecutionContinuedAsNewEventAttributes: { workflowType: { name: 'loop' } },
    });

    const comparison = compare(
      alignment([], { recorded: was, produced: null }, { recorded: [was], produced: [] }),
      NO_DRIFT,
    );

    expect(composeMessage(comparison!.headline)).toBe('the workflow no longer continues as new');
  });

  it('shows no end of an open run that the code reaches after the last recorded command', () => {
    const was = [scheduled(5, 'charge', 1), scheduled(11, 'pack', 1)];
    const is = [schedules(1, 'charge', 1), schedules(2, 'wrap', 2)];
    const ends = produced(3, { completeWorkflowExecution: {} });
    const aligned = alignment(
      [[was[0]!, is[0]!]],
      { recorded: was[1]!, produced: is[1]! },
      { recorded: [was[1]!], produced: [is[1]!, ends] },
    );

    const shown = (isOpen: boolean) => compare(aligned, NO_DRIFT, isOpen)!.rows.map(({ op }) => op);
    expect(shown(true)).toEqual(['same', 'replaced']);
    expect(shown(false)).toEqual(['same', 'replaced', 'added']);
  });

  it('shows the end of an open run that the code reaches in the place of a recorded command', () => {
    const was = scheduled(5, 'charge', 1);
    const ends = produced(1, { completeWorkflowExecution: {} });
    const aligned = alignment([], { recorded: was, produced: ends }, { recorded: [was], produced: [ends] });

    expect(compare(aligned, NO_DRIFT, true)!.rows.map(({ op }) => op)).toEqual(['removed', 'added']);
  });
});
