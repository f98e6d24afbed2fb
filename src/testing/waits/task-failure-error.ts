import { TemporalReplayError } from '../../errors';
import { nearestName } from '../../util/nearest-name';
import { thrownText } from '../text/thrown-text';
import type { FailedTask } from '../worker/protocol';

export interface TaskFailureErrorOptions {
  /** Directory that paths in the message are relative to. */
  cwd: string;
  /** The workflow types that the code exports. */
  workflowTypes: readonly string[];
  /** The diagnosis of a replay, if core has refused the commands of the code; null otherwise. */
  diagnosis: string | null;
}

/** Returns the error of a workflow task that failed, which shows the error as thrown and has it as its cause. */
export function taskFailureError(
  task: FailedTask,
  { cwd, workflowTypes, diagnosis }: TaskFailureErrorOptions,
): TemporalReplayError {
  const { type, message, stack, workflowType, workflowId } = task;
  const thrown = diagnosis ?? thrownText(task, cwd);
  const hint = hintOf(task, workflowTypes);
  const cause = Object.assign(new Error(message), {
    name: type,
    stack: `${type}: ${message}\n${framesOf(stack)}`,
  });
  return new TemporalReplayError(
    'WORKFLOW_TASK_FAILED',
    `A workflow task of ${workflowType} (${workflowId}) failed, which a real worker would try again for ever.\n\n${thrown}\n\nWhat to do: ${hint}`,
    { cause, hint },
  );
}

/** Part of the SDK's message about a type that the bundle does not export (`@temporalio/workflow` 1.24). */
const UNKNOWN_TYPE = 'no such function is exported by the workflow bundle';

function hintOf({ message, workflowType }: FailedTask, workflowTypes: readonly string[]): string {
  if (message.startsWith('Script execution timed out'))
    return 'Its code did not reach an await for that long. Does it loop for ever?';
  if (!message.includes(UNKNOWN_TYPE)) return 'To fail the workflow instead, throw an ApplicationFailure.';
  const nearest = nearestName(workflowType, workflowTypes);
  const guess = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  return `The code has ${[...workflowTypes].sort().join(', ')}.${guess}`;
}

/** Returns the frames of a stack without the line of the bundle that Node puts before them. */
const framesOf = (stack: string): string =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
