import { milliseconds } from '../../temporal/event';
import { durationInWords } from '../../util/duration-in-words';
import type { Command, CommandKind, Event, ProducedItem, RecordedItem } from '../../temporal/commands';

/**
 * Describes commands to people who write workflows: `` `chargeCard` activity ``, `timer 30s`, `` child `shipOrder` ``.
 * A description holds names and durations only, never a payload.
 */

const quoted = (name: string | null | undefined): string => `\`${(name ?? '').replaceAll('`', "'")}\``;

/** Verb phrases for the commands that end a workflow; their subject is "the workflow". */
const ENDS: Readonly<Partial<Record<CommandKind, string>>> = {
  complete: 'completes',
  fail: 'fails',
  cancel: 'ends as cancelled',
  continueAsNew: 'continues as new',
};

/** Returns what a workflow does with a command that ends it (`completes`, `ends as cancelled`); null for another command. */
export const describeEnd = (kind: CommandKind): string | null => ENDS[kind] ?? null;

type Describe = (name: string, target: string) => string;

const DESCRIPTIONS: Readonly<Record<Exclude<CommandKind, 'timer'>, Describe>> = {
  activity: (name) => `${name} activity`,
  activityCancel: (_, target) => `cancel of ${target || 'an activity'}`,
  timerCancel: (_, target) => `cancel of ${target || 'a timer'}`,
  child: (name) => `child ${name}`,
  externalCancel: (name) => `cancel of workflow ${name}`,
  externalSignal: (name) => `signal ${name} to another workflow`,
  patch: (name) => `patch ${name}`,
  localActivity: (name) => `${name} local activity`,
  searchAttributes: (name) => `search attributes ${name}`,
  memo: () => 'memo',
  updateAccepted: (name) => `update ${name} accepted`,
  updateCompleted: (name) => `update ${name} answered`,
  nexus: (name) => `nexus operation ${name}`,
  nexusCancel: () => 'cancel of a nexus operation',
  complete: () => `workflow ${ENDS.complete}`,
  fail: () => `workflow ${ENDS.fail}`,
  cancel: () => `workflow ${ENDS.cancel}`,
  continueAsNew: () => `workflow ${ENDS.continueAsNew}`,
};

/** The names of what cancels and update answers are about: those commands hold ids only. */
export interface TargetNames {
  /** Returns the description of the command that a cancel cancels; empty if the command is not known. */
  targetOf(item: RecordedItem | ProducedItem): string;
  /** Returns the name of an update by its id; null if the history does not hold it. */
  updateName(id: string): string | null;
}

/** Returns a command as a noun phrase. */
export function describeCommand(item: RecordedItem | ProducedItem, names: TargetNames): string {
  if (item.kind === 'timer') return `timer ${timerLength(item)}`;
  const isCancel = item.kind === 'timerCancel' || item.kind === 'activityCancel';
  return DESCRIPTIONS[item.kind](quoted(nameOf(item, names)), isCancel ? names.targetOf(item) : '');
}

/** An answer to an update holds the update's id only, on both sides. */
function nameOf(item: RecordedItem | ProducedItem, names: TargetNames): string | null {
  const id = updateIdOf(item);
  return id === null ? item.name : (names.updateName(id) ?? id);
}

/** Returns the id of the update that a command accepts or answers; null for another command. */
export function updateIdOf(item: RecordedItem | ProducedItem): string | null {
  if (item.kind !== 'updateAccepted' && item.kind !== 'updateCompleted') return null;
  return item.identity['protocolInstanceId']?.replace(/\/.*$/, '') ?? item.name;
}

const timerLength = (item: RecordedItem | ProducedItem): string => {
  const duration =
    'event' in item
      ? (item.event as Event).timerStartedEventAttributes?.startToFireTimeout
      : (item.command as Command).startTimer?.startToFireTimeout;
  return durationInWords(milliseconds(duration));
};

/**
 * Collects the names of cancelled commands and of updates. A cancelled timer is looked up on the side of its cancel first:
 * the same timer id can stand for different timers on the two sides.
 */
export function collectTargetNames(
  recorded: readonly RecordedItem[],
  produced: readonly ProducedItem[],
): TargetNames {
  const activities = new Map<string, string>();
  const updates = new Map<string, string>();
  for (const item of recorded) {
    if (item.kind === 'activity') activities.set(String(item.eventId), describeCommand(item, NO_NAMES));
    if (item.kind === 'updateAccepted' && item.name) updates.set(updateIdOf(item) ?? '', item.name);
  }
  const [recordedTimers, producedTimers] = [timersIn(recorded), timersIn(produced)];
  const timerOf = (item: RecordedItem | ProducedItem): string | undefined => {
    const id = item.identity['timerId'] ?? '';
    const [own, other] =
      'event' in item ? [recordedTimers, producedTimers] : [producedTimers, recordedTimers];
    return own.get(id) ?? other.get(id);
  };
  return {
    targetOf: (item) =>
      (item.kind === 'timerCancel'
        ? timerOf(item)
        : activities.get(item.identity['scheduledEventId'] ?? '')) ?? '',
    updateName: (id) => updates.get(id) ?? null,
  };
}

const NO_NAMES: TargetNames = { targetOf: () => '', updateName: () => null };

/** Returns the descriptions of timers by timer id. */
const timersIn = (items: readonly (RecordedItem | ProducedItem)[]): Map<string, string> =>
  new Map(
    items
      .filter(({ kind }) => kind === 'timer')
      .map((item) => [item.identity['timerId'] ?? '', describeCommand(item, NO_NAMES)]),
  );
