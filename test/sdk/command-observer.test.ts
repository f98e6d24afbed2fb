import { Activator } from '@temporalio/workflow/lib/internals';
import { observeCommands } from '../../src/sdk/command-observer';
import type { Command } from '../../src/temporal/commands';

interface FakeActivator {
  issued: Command[];
  failedWith: unknown[];
  pushCommand(command: Command, complete?: boolean): void;
  handleWorkflowFailure?(error: unknown): void;
}

/** The two methods of an activator that the module replaces. */
const activator = (): FakeActivator => ({
  issued: [],
  failedWith: [],
  pushCommand(command) {
    this.issued.push(command);
  },
  handleWorkflowFailure(error) {
    this.failedWith.push(error);
  },
});

const TIMER: Command = { startTimer: { seq: 1 } };
const END: Command = { completeWorkflowExecution: {} };
const ignore = { onCommand: () => undefined, onWorkflowError: () => undefined };

describe('the internals of @temporalio/workflow that observeCommands relies on', () => {
  it('pass every command through one method, and every error that ends a workflow through another', () => {
    expect(Activator.prototype.pushCommand.length).toBe(1);
    expect(Activator.prototype.handleWorkflowFailure.length).toBe(1);
  });
});

describe('observeCommands', () => {
  it('reports each command before the SDK handles it, and if it ends the run', () => {
    const sdk = activator();
    const seen: [Command, boolean, number][] = [];

    observeCommands(
      { activator: sdk },
      { ...ignore, onCommand: (command, endsRun) => seen.push([command, endsRun, sdk.issued.length]) },
    );
    sdk.pushCommand(TIMER);
    sdk.pushCommand(END, true);

    expect(seen).toEqual([
      [TIMER, false, 0],
      [END, true, 1],
    ]);
    expect(sdk.issued).toEqual([TIMER, END]);
  });

  it('reports the error that ends a workflow, and lets the SDK handle it', () => {
    const sdk = activator();
    const seen: unknown[] = [];
    const error = new Error('no card');

    observeCommands({ activator: sdk }, { ...ignore, onWorkflowError: (err) => seen.push(err) });
    sdk.handleWorkflowFailure!(error);

    expect(seen).toEqual([error]);
    expect(sdk.failedWith).toEqual([error]);
  });

  it('restores the methods of the SDK when the observation ends', () => {
    const sdk = activator();
    const { pushCommand, handleWorkflowFailure } = sdk;

    const stop = observeCommands({ activator: sdk }, ignore)!;
    stop();

    expect(sdk.pushCommand).toBe(pushCommand);
    expect(sdk.handleWorkflowFailure).toBe(handleWorkflowFailure);
  });

  it.each([['an activator'], ['pushCommand']])('returns null for a workflow without %s', (missing) => {
    const workflow = missing === 'an activator' ? {} : { activator: {} };

    expect(observeCommands(workflow, ignore)).toBeNull();
  });
});
