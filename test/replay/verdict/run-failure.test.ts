import { runFailureOf } from '../../../src/replay/verdict/run-failure';
import type { Command, Event } from '../../../src/temporal/commands';
import { activation, failed, historyOf, signaled, started, task } from '../../helpers/history-builders';

const [scheduled, begun] = task();
/** A run whose second workflow task is due. */
const OPEN: Event[] = historyOf(started(), task(), signaled('pay'), scheduled!, begun!);
const BEGUN = 7;

const failing = (type: string): Command => ({
  failWorkflowExecution: {
    failure: { message: 'no card', stackTrace: `${type}: no card`, applicationFailureInfo: { type } },
  },
});
const answers = (command: Command) => [activation(3, []), activation(BEGUN, [command])];

describe('runFailureOf', () => {
  it.each(['Error', 'TypeError'])('returns the %s with which the code fails an open run', (type) => {
    expect(runFailureOf(OPEN, answers(failing(type)))).toMatchObject({
      taskStartedId: BEGUN,
      type,
      message: 'no card',
      failsRun: true,
    });
  });

  it.each(['', 'CardDeclined'])('takes an error of the type "%s" for an outcome that is meant', (type) => {
    expect(runFailureOf(OPEN, answers(failing(type)))).toBeNull();
  });

  it('returns nothing for a task that was completed when it was recorded', () => {
    const events = historyOf(started(), task(), signaled('pay'), task());

    expect(runFailureOf(events, answers(failing('TypeError')))).toBeNull();
  });

  it('returns nothing for a run that has failed', () => {
    const events = historyOf(started(), task(), failed({ message: 'no card' }));

    expect(runFailureOf(events, [activation(3, [failing('TypeError')])])).toBeNull();
  });
});
