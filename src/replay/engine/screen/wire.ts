import { coresdk, temporal } from '@temporalio/proto';
import type { Completion } from '../../../sdk/workflow-creator';
import type { Event, History } from '../../../temporal/event';
import { Unsure } from './unsure';

const { WorkflowActivationCompletion } = coresdk.workflow_completion;

/** Returns the events as core gets them, which are sent to it as bytes. */
export function receivedEvents(history: History): readonly Event[] {
  const { History } = temporal.api.history.v1;
  const bytes = History.encode(history).finish();
  refuseSurrogates(bytes, history);
  return History.decode(bytes).events;
}

/** Checks that the answer of the code can be sent to core, as the SDK sends it. */
export function checkCompletion(completion: Completion): void {
  refuseSurrogates(WorkflowActivationCompletion.encode(completion).finish(), completion);
}

/** The first byte of a UTF-16 surrogate that was written as UTF-8, and the least second one. */
const SURROGATE = 0xed;
const LEAST_SECOND = 0xa0;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Throws for text with half of a surrogate pair, which core refuses. */
function refuseSurrogates(bytes: Uint8Array, value: object): void {
  for (let at = bytes.indexOf(SURROGATE); at !== -1; at = bytes.indexOf(SURROGATE, at + 1))
    if (bytes[at + 1]! >= LEAST_SECOND) return refuseSurrogatesIn(value);
}

/** Such bytes may also be a number. */
function refuseSurrogatesIn(value: unknown): void {
  if (typeof value === 'string' && LONE_SURROGATE.test(value)) throw new Unsure('unusual text');
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  for (const [key, item] of Object.entries(value)) {
    if (LONE_SURROGATE.test(key)) throw new Unsure('unusual text');
    refuseSurrogatesIn(item);
  }
}
