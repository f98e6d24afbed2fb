import { createHash } from 'node:crypto';
import { type CommandKind, recordedItemOf } from './commands';
import type { Event } from './event';

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

const HASH_LENGTH = 16;

/**
 * Returns a hash of the recorded commands in their order, each by its kind and its type. Two histories of one workflow type with
 * the same shape have taken the same way through the code, whatever their ids, values and times are.
 */
export function shapeOf(events: readonly Event[]): string {
  const hash = createHash('sha256');
  for (const event of events) {
    const item = recordedItemOf(event);
    if (item) hash.update(JSON.stringify([item.kind, NAMED.has(item.kind) ? item.name : null]));
  }
  return hash.digest('hex').slice(0, HASH_LENGTH);
}
