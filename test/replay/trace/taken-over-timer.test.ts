import type { SourceLocation } from '../../../src/model/source';
import { takenOverTimer } from '../../../src/replay/trace/taken-over-timer';
import { align } from '../../../src/replay/verdict/align';
import type { Command } from '../../../src/temporal/commands';
import {
  activation,
  historyOf,
  scheduleActivity,
  started,
  startTimer,
  task,
  timerFired,
  timerStarted,
} from '../../helpers/history-builders';

/** A run that waits for a minute. */
const ONE_WAIT = historyOf(started(), task(), timerStarted(1, 60));

/** Returns the findings for timers that start at the given lines; `later` come after the end of the history. */
function find(
  events: typeof ONE_WAIT,
  commands: readonly (readonly [Command, line: number])[],
  later: readonly (readonly [Command, line: number])[] = [],
): { recorded: number; line: number; between: number } | null {
  const all = [...commands, ...later];
  const placesOf = (command: Command): SourceLocation[] => {
    const [, line] = all.find(([candidate]) => candidate === command)!;
    return [{ file: '/w.ts', line, column: 3, function: 'wait' }];
  };
  const activations = commands.map(([command], i) => activation(i === 0 ? 3 : 8, [command]));
  const { pairs } = align({ events, activations, stoppedBeforeEventId: Infinity });
  const found = takenOverTimer(
    pairs,
    all.map(([command]) => command),
    placesOf,
  );
  return (
    found && {
      recorded: found.recorded.eventId,
      line: placesOf(found.own)[0]!.line,
      between: found.between.length,
    }
  );
}

describe('takenOverTimer', () => {
  it('finds the wait that starts a timer of the recorded length later', () => {
    const found = find(
      ONE_WAIT,
      [[startTimer(1, 5), 1]],
      [
        [scheduleActivity(1, 'remind'), 2],
        [startTimer(2, 60), 3],
      ],
    );

    expect(found).toEqual({ recorded: 5, line: 3, between: 1 });
  });

  it('finds none if the length of the wait was edited', () => {
    expect(find(ONE_WAIT, [[startTimer(1, 5), 1]], [[startTimer(2, 90), 2]])).toBeNull();
    expect(find(ONE_WAIT, [[startTimer(1, 60), 1]])).toBeNull();
  });

  it('finds none if the later timer is of the same wait, as in a loop', () => {
    expect(find(ONE_WAIT, [[startTimer(1, 5), 1]], [[startTimer(2, 60), 1]])).toBeNull();
  });

  it('finds none if a recorded timer of its own stands for the later wait', () => {
    const twoWaits = historyOf(
      started(),
      task(),
      timerStarted(1, 60),
      timerFired(1, 5),
      task(),
      timerStarted(2, 60),
    );

    expect(
      find(twoWaits, [
        [startTimer(1, 5), 1],
        [startTimer(2, 60), 2],
      ]),
    ).toBeNull();
  });
});
