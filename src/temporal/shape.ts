import { createHash } from 'node:crypto';
import { type CommandKind, recordedItemOf } from './commands';
import { type Event, attributesKeyOf, eventIdOf, nameOfAttributes } from './event';
import { referenceOf } from './relations';

/** Version of the form of a shape. Shapes of different versions have different hashes. */
const VERSION = 2;

/** Kinds whose name says what the code asks for. The names of the others are numbers and ids, which differ from run to run. */
const NAMED: ReadonlySet<CommandKind> = new Set<CommandKind>([
  'activity',
  'localActivity',
  'child',
  'externalSignal',
  'patch',
  'nexus',
  'searchAttributes',
  'updateAccepted',
  'continueAsNew',
]);

/** Number of steps of a loop up to which its rounds are found. */
const MAX_LOOP = 32;
const HASH_LENGTH = 16;

/** A step of a shape: a command, or what answered one or came from outside. */
export interface ShapeStep {
  text: string;
  /** Numbers of steps, this one last, that are repeated once or more after it. */
  loops: number[];
}

/**
 * Returns a hash of the way that a run has taken through the code, see {@link stepsOf}. Two histories of one workflow type with the
 * same shape have taken the same way, whatever their ids, values and times are.
 */
export const shapeOf = (events: readonly Event[]): string => hashOfSteps(stepsOf(events));

/** Returns the hash of a shape's steps. */
export function hashOfSteps(steps: readonly ShapeStep[]): string {
  const hash = createHash('sha256').update(String(VERSION));
  for (const { text, loops } of steps) hash.update(`\n${text}\0${[...loops].sort().join(' ')}`);
  return hash.digest('hex').slice(0, HASH_LENGTH);
}

/**
 * Returns the steps of a run in their order: its commands by kind and type, how each ended, and the signals and updates that came.
 * The rounds of a loop stand once. One pass over the events, without a replay.
 */
export function stepsOf(events: readonly Event[]): ShapeStep[] {
  const names = new Map<number, string>();
  const steps: ShapeStep[] = [];
  for (const event of events) {
    const text = commandText(event, names) ?? answerText(event, names) ?? outsideText(event);
    if (text === null) continue;
    steps.push({ text, loops: [] });
    foldLoop(steps);
  }
  return steps;
}

function commandText(event: Event, names: Map<number, string>): string | null {
  const item = recordedItemOf(event);
  if (item === null) return null;
  const name = NAMED.has(item.kind) && item.name !== null ? `${item.kind} ${item.name}` : item.kind;
  names.set(eventIdOf(event), name);
  // The outcome of a local activity is part of its marker.
  return item.kind === 'localActivity' && event.markerRecordedEventAttributes?.failure
    ? `${name} failed`
    : name;
}

/** Returns how something ended, or that it started if the code learns that. */
function answerText(event: Event, names: ReadonlyMap<number, string>): string | null {
  const reference = referenceOf(event);
  if (reference === null) return null;
  const name = names.get(reference.eventId);
  if (name === undefined) return null;
  const { effect, outcome } = reference.relation;
  if (effect === 'end') return `${name} ${outcome ?? 'completed'}`;
  // Code does not see that an activity starts.
  return effect === 'start' && !name.startsWith('activity') ? `${name} started` : null;
}

function outsideText(event: Event): string | null {
  if (event.workflowExecutionSignaledEventAttributes)
    return `signal ${event.workflowExecutionSignaledEventAttributes.signalName ?? ''}`;
  const key = attributesKeyOf(event);
  return key === 'workflowExecutionCancelRequestedEventAttributes' ||
    key === 'workflowExecutionTerminatedEventAttributes' ||
    key === 'workflowExecutionTimedOutEventAttributes'
    ? nameOfAttributes(key)
    : null;
}

/** Drops the last steps if they repeat those before them, which are then the body of a loop. */
function foldLoop(steps: ShapeStep[]): void {
  const end = steps.length;
  const last = steps[end - 1]!.text;
  for (let size = 1; size <= MAX_LOOP && 2 * size <= end; size++) {
    if (steps[end - 1 - size]!.text !== last || !repeats(steps, size)) continue;
    const dropped = steps.splice(end - size);
    // A loop within the body may have had more than one round only now.
    dropped.forEach(({ loops }, i) => addAll(steps[end - 2 * size + i]!.loops, loops));
    addAll(steps[steps.length - 1]!.loops, [size]);
    return;
  }
}

const addAll = (loops: number[], others: readonly number[]): void =>
  others.forEach((size) => void (loops.includes(size) || loops.push(size)));

function repeats(steps: readonly ShapeStep[], size: number): boolean {
  const end = steps.length;
  for (let i = 2; i <= size; i++) if (steps[end - i]!.text !== steps[end - i - size]!.text) return false;
  return true;
}
