import { milliseconds } from '../../temporal/event';
import { durationInWords } from '../../util/duration-in-words';
import type { Command, CommandKind, Event, ProducedItem, RecordedItem } from '../../temporal/commands';

/**
 * Commands in the words of those who write workflows: `` `chargeCard` activity ``, `timer 30s`, `` child `shipOrder` ``.
 * Names and durations only: no payload is ever part of them.
 */

const quoted = (name: string | null | undefined): string => `\`${(name ?? '').replaceAll('`', "'")}\``;

const WORDS: Readonly<Record<CommandKind, (name: string, detail: string) => string>> = {
  activity: (name) => `${name} activity`,
  activityCancel: (_, detail) => `cancel of ${detail || 'an activity'}`,
  timer: (_, detail) => `timer ${detail}`,
  timerCancel: (_, detail) => `cancel of ${detail || 'a timer'}`,
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
  complete: () => 'workflow completes',
  fail: () => 'workflow fails',
  cancel: () => 'workflow ends as cancelled',
  continueAsNew: () => 'workflow continues as new',
};

/** What the words for cancels and updates need to know of the rest of the history. */
export interface TargetNames {
  /** Words of the command that a recorded or produced cancel cancels. */
  targetOf(item: RecordedItem | ProducedItem): string;
  /** Name of the update with that id; null where the history does not say it. */
  updateName(id: string): string | null;
}

export function describeCommand(item: RecordedItem | ProducedItem, targetNames: TargetNames): string {
  const isCancel = item.kind === 'timerCancel' || item.kind === 'activityCancel';
  const detail = item.kind === 'timer' ? timerLength(item) : isCancel ? targetNames.targetOf(item) : '';
  return WORDS[item.kind](quoted(nameOf(item, targetNames)), detail);
}

/** An update's answer names the update by an id only, on both sides. */
function nameOf(item: RecordedItem | ProducedItem, targetNames: TargetNames): string | null {
  const id = updateIdOf(item);
  return id === null ? item.name : (targetNames.updateName(id) ?? id);
}

/** The id of the update that a command is about; null for another command. */
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

/** Looks up the words of cancelled commands among those that were recorded and produced, each on its own side first. */
export function collectTargetNames(
  recorded: readonly RecordedItem[],
  produced: readonly ProducedItem[],
): TargetNames {
  const activities = new Map<string, string>();
  const updates = new Map<string, string>();
  for (const item of recorded) {
    if (item.kind === 'activity') activities.set(String(item.eventId), describeCommand(item, NOTHING));
    if (item.kind === 'updateAccepted' && item.name) updates.set(updateIdOf(item) ?? '', item.name);
  }
  const [was, is] = [timersIn(recorded), timersIn(produced)];
  const timerOf = (item: RecordedItem | ProducedItem): string | undefined => {
    const id = item.identity['timerId'] ?? '';
    return 'event' in item ? (was.get(id) ?? is.get(id)) : (is.get(id) ?? was.get(id));
  };
  return {
    targetOf: (item) =>
      (item.kind === 'timerCancel'
        ? timerOf(item)
        : activities.get(item.identity['scheduledEventId'] ?? '')) ?? '',
    updateName: (id) => updates.get(id) ?? null,
  };
}

const NOTHING: TargetNames = { targetOf: () => '', updateName: () => null };

/** Words of timers by their ids. */
const timersIn = (items: readonly (RecordedItem | ProducedItem)[]): Map<string, string> =>
  new Map(
    items
      .filter(({ kind }) => kind === 'timer')
      .map((item) => [item.identity['timerId'] ?? '', describeCommand(item, NOTHING)]),
  );
