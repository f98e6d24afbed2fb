import { readCoreMessage } from '../../../src/replay/verdict/core-message';

const wrapped = (message: string): string =>
  `Replay failed with a nondeterminism error. This means that the workflow code as written is not compatible with the history that was fed in. Details: Workflow activation completion failed: Failure { failure: Some(Failure { message: "${message}", source: "", stack_trace: "", encoded_attributes: None, cause: None, failure_info: None }), force_cause: NonDeterministicError }`;

describe('readCoreMessage', () => {
  it('extracts the message and the event from the debug print', () => {
    const message = wrapped(
      '[TMPRL1100] Nondeterminism error: No command scheduled for event HistoryEvent(id: 11, TimerStarted)',
    );

    expect(readCoreMessage(message)).toEqual({
      text: 'No command scheduled for event 11 (TimerStarted)',
      eventId: 11,
    });
  });

  it('unescapes quotes', () => {
    const message = wrapped(
      `[TMPRL1100] Nondeterminism error: Change id \\"a\\" does not match expected id \\"b\\"`,
    );

    expect(readCoreMessage(message).text).toBe('Change id "a" does not match expected id "b"');
  });

  it('reads the form of cores before SDK 1.10', () => {
    const message = wrapped(
      `Nondeterminism(\\"No command scheduled for event HistoryEvent(id: 11, TimerStarted)\\")`,
    );

    expect(readCoreMessage(message)).toEqual({
      text: 'No command scheduled for event 11 (TimerStarted)',
      eventId: 11,
    });
  });

  it('drops an event that is printed in full, payloads included', () => {
    const message = wrapped(
      '[TMPRL1100] Nondeterminism error: Child workflow machine does not handle this event: HistoryEvent { event_id: 7, event_time: None, attributes: Some(X { data: [115, 101, 99] }) }',
    );

    expect(readCoreMessage(message)).toEqual({
      text: 'Child workflow machine does not handle this event 7',
      eventId: 7,
    });
  });

  it('reads a fatal state-machine error', () => {
    const message = wrapped(
      'Fatal error in workflow machines: ActivityMachine in state ScheduleCommandCreated says the transition is invalid during event EventInfo { event_id: 12, event_type: ActivityTaskCancelRequested }',
    );

    expect(readCoreMessage(message)).toEqual({
      text: 'ActivityMachine in state ScheduleCommandCreated says the transition is invalid during event 12 (ActivityTaskCancelRequested)',
      eventId: 12,
    });
  });

  it('takes a name of 300,000 characters in good time', () => {
    const name = 'n'.repeat(300_000);
    const message = wrapped(
      `[TMPRL1100] Nondeterminism error: Activity type of scheduled event '${name}' does not match activity type of activity command 'x'`,
    );
    const startedAt = performance.now();

    const { text } = readCoreMessage(message);

    expect(text).toMatch(/^Activity type of scheduled event 'n{200}/);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it.each(['Failure { message: "'.repeat(20_000), 'x {'.repeat(100_000), 'Details: \\'.repeat(50_000)])(
    'reads a message that never ends in good time',
    (message) => {
      const startedAt = performance.now();

      readCoreMessage(message);

      expect(performance.now() - startedAt).toBeLessThan(1_000);
    },
  );
});
