import { coresdk } from '@temporalio/proto';
import type { Completion } from '../../../sdk/workflow-creator';
import type { Event } from '../../../temporal/event';
import { isWellFormed } from '../../../util/well-formed';
import { Unsure } from './unsure';

const { WorkflowActivationCompletion } = coresdk.workflow_completion;

/**
 * Throws for events that core would get otherwise than they are: they are sent to it as bytes, in which text is UTF-8 and a number
 * has 32 bits. It also throws for a payload that external storage holds.
 */
export function checkEvents(events: readonly Event[]): void {
  for (let i = 0; i < events.length; i++) checkFields(events[i]!);
}

const MAX_NUMBER = 2 ** 31;
/** The one field of a history that holds a fraction. */
const FRACTION = 'backoffCoefficient';
/** The key by which the metadata of a payload name the type of a reference. */
const REFERENCE = 'messageType';

function checkFields(message: object): void {
  const keys = Object.keys(message);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    const value = (message as Record<string, unknown>)[key];
    if (typeof value === 'string') {
      if (!isWellFormed(value)) throw new Unsure('unusual text');
    } else if (typeof value === 'number') {
      const isUsual = value >= 0 && value < MAX_NUMBER && (Number.isInteger(value) || key === FRACTION);
      if (!isUsual) throw new Unsure('unusual number');
    } else if (typeof value === 'object' && value !== null) {
      if (key === REFERENCE) throw new Unsure('external storage');
      if (!ArrayBuffer.isView(value) && !isLong(value)) checkFields(value);
    }
  }
}

const isLong = (value: object): boolean => 'unsigned' in value && 'low' in value;

/** Checks that the answer of the code can be sent to core, as the SDK sends it. */
export function checkCompletion(completion: Completion): void {
  const bytes = WorkflowActivationCompletion.encode(completion).finish();
  for (let at = bytes.indexOf(SURROGATE); at !== -1; at = bytes.indexOf(SURROGATE, at + 1))
    if (bytes[at + 1]! >= LEAST_SECOND) return refuseSurrogatesIn(completion);
}

/** The first byte of a UTF-16 surrogate that was written as UTF-8, and the least second one. */
const SURROGATE = 0xed;
const LEAST_SECOND = 0xa0;

/** Throws for text with half of a surrogate pair. Its bytes may also be those of a number. */
function refuseSurrogatesIn(value: unknown): void {
  if (typeof value === 'string' && !isWellFormed(value)) throw new Unsure('unusual text');
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  for (const [key, item] of Object.entries(value)) {
    if (!isWellFormed(key)) throw new Unsure('unusual text');
    refuseSurrogatesIn(item);
  }
}
