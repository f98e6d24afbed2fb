import type { SourceLocation } from '../../model/source';
import { milliseconds } from '../../temporal/event';
import type { Command, ProducedItem, RecordedItem } from '../../temporal/commands';
import type { Pair } from '../verdict/align';

/** A recorded timer that now belongs to another wait of the code than the one that started it. */
export interface TakenOverTimer {
  recorded: RecordedItem;
  /** The timer of the wait that takes it over. */
  produced: ProducedItem;
  /** The timer that the code starts later, at another place, with the recorded length: that of the wait that started it. */
  own: Command;
  /** The commands that the code issues between these two timers. */
  between: readonly Command[];
}

const lengthOf = ({ startTimer }: Command): number | null =>
  startTimer ? milliseconds(startTimer.startToFireTimeout) : null;

export const recordedLengthOf = ({ event }: RecordedItem): number =>
  milliseconds(event.timerStartedEventAttributes?.startToFireTimeout);

/** Returns the matched timers whose length is not as recorded. */
export const driftedTimers = (pairs: readonly Pair[]): Pair[] =>
  pairs.filter(
    ({ recorded, produced }) =>
      recorded.kind === 'timer' && recordedLengthOf(recorded) !== lengthOf(produced.command),
  );

/**
 * Finds a recorded timer that a new wait has taken over. Core matches timers by their order alone, so a wait that is added
 * before another one gets the other one's timer, and the other one starts a new timer later. The history does not say which
 * statement started a timer. It is taken for that of a later wait if the code starts a timer of the recorded length later, at
 * another place, that no recorded timer of that length stands for. A wait whose length was edited leaves no such timer.
 *
 * @param commands all commands of the code in order, those after the end of the history included
 */
export function takenOverTimer(
  pairs: readonly Pair[],
  commands: readonly Command[],
  placesOf: (command: Command) => readonly SourceLocation[],
): TakenOverTimer | null {
  const matched = new Set(
    pairs
      .filter(({ recorded, produced }) => recordedLengthOf(recorded) === lengthOf(produced.command))
      .map(({ produced }) => produced.command),
  );
  for (const { recorded, produced } of driftedTimers(pairs)) {
    const place = keyOf(placesOf(produced.command));
    const later = commands.slice(commands.indexOf(produced.command) + 1);
    const index = later.findIndex(
      (command) =>
        lengthOf(command) === recordedLengthOf(recorded) &&
        !matched.has(command) &&
        keyOf(placesOf(command)) !== place,
    );
    if (index !== -1) return { recorded, produced, own: later[index]!, between: later.slice(0, index) };
  }
  return null;
}

const keyOf = (places: readonly SourceLocation[]): string =>
  JSON.stringify(places.map(({ file, line, column }) => [file, line, column]));
