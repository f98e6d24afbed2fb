import { milliseconds } from '../events/event';
import { durationInWords } from '../util/duration-in-words';
import type { Command, CommandKind, Event, ProducedItem, RecordedItem } from './command-kinds';

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
export interface Vocabulary {
  /** Words of the command that a recorded or produced cancel cancels. */
  targetOf(item: RecordedItem | ProducedItem): string;
}

export function wordsFor(item: RecordedItem | ProducedItem, vocabulary: Vocabulary): string {
  const isCancel = item.kind === 'timerCancel' || item.kind === 'activityCancel';
  const detail = item.kind === 'timer' ? timerLength(item) : isCancel ? vocabulary.targetOf(item) : '';
  return WORDS[item.kind](quoted(nameOf(item)), detail);
}

/** An update's answer names the update by an id that says nothing; the same for both sides. */
function nameOf(item: RecordedItem | ProducedItem): string | null {
  if (item.kind === 'updateAccepted' || item.kind === 'updateCompleted')
    return item.identity['protocolInstanceId']?.replace(/\/.*$/, '') ?? item.name;
  return item.name;
}

const timerLength = (item: RecordedItem | ProducedItem): string => {
  const duration =
    'event' in item
      ? (item.event as Event).timerStartedEventAttributes?.startToFireTimeout
      : (item.command as Command).startTimer?.startToFireTimeout;
  return durationInWords(milliseconds(duration));
};

/** Looks up the words of cancelled commands among those that were recorded and produced. */
export function vocabularyOf(
  recorded: readonly RecordedItem[],
  produced: readonly ProducedItem[],
): Vocabulary {
  const timers = new Map<string, string>();
  const activities = new Map<string, string>();
  const nothing: Vocabulary = { targetOf: () => '' };
  for (const item of produced)
    if (item.kind === 'timer') timers.set(item.identity['timerId']!, wordsFor(item, nothing));
  for (const item of recorded) {
    if (item.kind === 'timer') timers.set(item.identity['timerId']!, wordsFor(item, nothing));
    if (item.kind === 'activity') activities.set(String(item.eventId), wordsFor(item, nothing));
  }
  return {
    targetOf: (item) =>
      (item.kind === 'timerCancel'
        ? timers.get(item.identity['timerId'] ?? '')
        : activities.get(item.identity['scheduledEventId'] ?? '')) ?? '',
  };
}
