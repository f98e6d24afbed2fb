import type { Divergence, ExistingFailure } from '../../model/verdict';
import type { Event } from '../../temporal/event';
import { errorTypeOf, messageOfFailure } from '../../temporal/failure';
import { unresolvedTaskFailure } from '../../temporal/unresolved-task-failure';
import { readCoreMessage } from './core-message';

/** A difference or an error that the replay found. */
type Found =
  | { divergence: Divergence }
  | {
      /** An error that the code threw out of a workflow task. */
      failure: { taskStartedId: number; type: string; message: string };
    };

/**
 * Returns the recorded failure if the run was stuck in the same failure when its history was fetched: its last workflow task
 * failed with the same nondeterminism, or with the same error, and no later task has completed. A failure that a later
 * task resolved counts for nothing, and neither does another failure than the one that the replay found.
 */
export function existingFailure(events: readonly Event[], found: Found): ExistingFailure | undefined {
  const recorded = unresolvedTaskFailure(events);
  if (!recorded) return undefined;
  const message = messageOfFailure(recorded.failure);
  const isSame =
    'divergence' in found
      ? isSameNondeterminism(message, found.divergence)
      : // In a task that completed when it was recorded, the same error is a new one.
        found.failure.taskStartedId >= recorded.startedEventId &&
        found.failure.message === message &&
        found.failure.type === errorTypeOf(recorded.failure);
  return isSame ? { eventId: recorded.eventId } : undefined;
}

/** The SDK's words (`@temporalio/workflow`, `worker-interface.ts`, 1.24.0) for a workflow type that the bundle lacks. */
const UNKNOWN_TYPE = /no such function is exported by the workflow bundle/;

/** Returns the recorded failure if the run was stuck because its worker did not have its workflow type either. */
export function existingUnknownType(events: readonly Event[]): ExistingFailure | undefined {
  const recorded = unresolvedTaskFailure(events);
  const isSame = recorded && UNKNOWN_TYPE.test(messageOfFailure(recorded.failure));
  return isSame ? { eventId: recorded.eventId } : undefined;
}

/** Compares core's messages, or the events that they name, since the wording changes from version to version. */
function isSameNondeterminism(recorded: string, { coreMessage, eventId }: Divergence): boolean {
  if (coreMessage === null) return false;
  const core = readCoreMessage(recorded);
  return core.text === coreMessage || (core.eventId !== null && core.eventId === eventId);
}
