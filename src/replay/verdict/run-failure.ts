import { type Command, type Event, eventIdOf } from '../../temporal/commands';
import { isClosed } from '../../temporal/event';
import { messageOfFailure, stackOfFailure } from '../../temporal/failure';
import type { Activation } from './align';
import type { ThrownError } from './judge';

/** Classes of JavaScript itself. An error of another class may be meant to fail the run. */
const OWN_ERRORS: ReadonlySet<string> = new Set([
  ...['AggregateError', 'AssertionError', 'Error', 'EvalError', 'RangeError', 'ReferenceError'],
  ...['SyntaxError', 'TypeError', 'URIError'],
]);

/**
 * Returns the error with which the code fails an open run in its next workflow task; null if it does not. The worker's
 * `workflowFailureErrorTypes` or the `failureExceptionTypes` of the workflow fail the run for such an error, for which a worker would
 * otherwise try the task again. In a task that was completed when it was recorded, the failure is a difference from the history.
 */
export function runFailureOf(
  events: readonly Event[],
  activations: readonly Activation[],
): ThrownError | null {
  const last = activations.at(-1);
  const failure = last && failureIn(last.commands);
  // The SDK gives a failure that the code makes itself, such as `ApplicationFailure`, no class of JavaScript.
  const type = failure?.applicationFailureInfo?.type ?? '';
  if (!failure || isClosed(events) || !OWN_ERRORS.has(type)) return null;
  const isRecorded = events.some(
    (event) => event.workflowTaskCompletedEventAttributes && eventIdOf(event) > last.taskStartedId,
  );
  if (isRecorded) return null;
  return {
    taskStartedId: last.taskStartedId,
    replaying: last.replaying,
    type,
    message: messageOfFailure(failure),
    stack: stackOfFailure(failure),
    failsRun: true,
  };
}

const failureIn = (commands: readonly Command[]) =>
  commands.find((command) => command.failWorkflowExecution)?.failWorkflowExecution?.failure ?? null;
