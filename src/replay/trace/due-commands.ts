import {
  type Command,
  type Event,
  type RecordedItem,
  eventIdOf,
  producedSummaryOf,
  recordedItemOf,
} from '../../temporal/commands';
import type { Alignment } from '../verdict/align';

/** Number of commands that a picture of the failure shows. */
const SHOWN = 3;

/** Returns the first recorded commands that were due when the code threw in a workflow task, and that it had not issued by then. */
export function dueCommands(
  events: readonly Event[],
  taskStartedId: number,
  { pairs, issued }: Pick<Alignment, 'pairs'> & { issued: readonly Command[] },
): RecordedItem[] {
  const matched = new Set(pairs.map(({ recorded }) => recorded.eventId));
  const unmatched = issued.flatMap((command) => producedSummaryOf(command) ?? []);
  take(
    unmatched,
    pairs.map(({ recorded }) => recorded),
  );
  const due: RecordedItem[] = [];
  for (const event of events) {
    const item = eventIdOf(event) > taskStartedId ? recordedItemOf(event) : null;
    if (!item || matched.has(item.eventId) || take(unmatched, [item])) continue;
    if (due.push(item) === SHOWN) break;
  }
  return due;
}

type Named = Pick<RecordedItem, 'kind' | 'name'>;

/** Takes the first command of the kind and name of each item out of a list. Returns true if there was one for the last item. */
function take(commands: Named[], items: readonly Named[]): boolean {
  let found = false;
  for (const { kind, name } of items) {
    const at = commands.findIndex(
      (command) => command.kind === kind && (kind === 'timer' || command.name === name),
    );
    found = at >= 0;
    if (found) commands.splice(at, 1);
  }
  return found;
}
