import type { Command } from '../temporal/commands';

/**
 * An observer of the commands that a workflow issues, called from within the call that issues them.
 *
 * Relies on `Activator.pushCommand`, through which every command goes, and on `Activator.handleWorkflowFailure`
 * (`@temporalio/workflow/lib/internals.js`, checked on SDK 1.9.3, 1.14.1 and 1.24.0). If `pushCommand` is not found, nothing is
 * observed. `test/sdk/command-observer.test.ts` fails if an upgrade changes them.
 */
export interface CommandObserver {
  /** Called with each command; `endsRun` is true for the command that ends the run. */
  onCommand(command: Command, endsRun: boolean): void;
  /** Called with the error that ends the workflow, before the command that follows from it. Continue-as-new is such an error too. */
  onWorkflowError(error: unknown): void;
}

type PushCommand = (this: unknown, command: Command, complete?: boolean) => void;
type HandleFailure = (this: unknown, error: unknown) => void;

interface SdkWorkflow {
  activator?: { pushCommand?: PushCommand; handleWorkflowFailure?: HandleFailure };
}

/** Returns a function that ends the observation; null if the SDK's internals are not as expected. */
export function observeCommands(workflow: object, observer: CommandObserver): (() => void) | null {
  const { activator } = workflow as SdkWorkflow;
  if (typeof activator?.pushCommand !== 'function') return null;
  const { pushCommand, handleWorkflowFailure } = activator;
  activator.pushCommand = function (command, complete) {
    observer.onCommand(command, complete === true);
    pushCommand.call(this, command, complete);
  };
  if (typeof handleWorkflowFailure === 'function')
    activator.handleWorkflowFailure = precededBy(handleWorkflowFailure, (error) =>
      observer.onWorkflowError(error),
    );
  return () => void Object.assign(activator, { pushCommand, handleWorkflowFailure });
}

/**
 * Returns a function that calls `first` and then `original`. The function belongs to the sandbox's realm, since it handles a
 * rejection there: V8 would run a function of this realm from the outer queue, after the activation has ended.
 */
function precededBy(original: HandleFailure, first: (error: unknown) => void): HandleFailure {
  // The constructor of an async function, which it is before SDK 1.13, makes async functions; its own constructor is `Function`.
  const SandboxFunction = original.constructor.constructor as FunctionConstructor;
  const combine = new SandboxFunction(
    'first',
    'original',
    'return function (error) { first(error); return original.call(this, error); };',
  ) as (first: (error: unknown) => void, original: HandleFailure) => HandleFailure;
  return combine(first, original);
}
