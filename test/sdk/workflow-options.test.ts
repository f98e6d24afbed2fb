/** Compares the options of the sandbox that `src/sdk/workflow-options.ts` makes with those of the SDK's worker. */
import { readFileSync } from 'node:fs';
import { coresdk } from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import { globSync } from 'tinyglobby';
import { decodeHistories } from '../../src/history/decode';
import { hasReplayableTask } from '../../src/history/validate/validate';
import { WorkflowMachines } from '../../src/replay/engine/screen/workflow-machines';
import { workflowOptionHelpers, workflowOptionsOf } from '../../src/sdk/workflow-options';
import { ROOT } from '../helpers/root';

const { WorkflowActivation } = coresdk.workflow_activation;
type Activation = coresdk.workflow_activation.WorkflowActivation;

/** Returns the first activation of each recorded history. */
const firstActivations = (): Activation[] =>
  globSync(
    ['histories/*/*.json', 'test/services/*/histories/*.json', 'test/history/validate/fixtures/*.json'],
    {
      cwd: ROOT,
      absolute: true,
    },
  ).flatMap((file) =>
    [...decodeHistories({ file, bytes: readFileSync(file) })].flatMap(({ history }) => {
      if (!history || !hasReplayableTask(history)) return [];
      const machines = new WorkflowMachines(history.events ?? [], {
        workflowId: 'id',
        workerVersion: () => null,
      });
      const activation = machines.nextActivation('run');
      return activation ? [WorkflowActivation.fromObject(activation)] : [];
    }),
  );

/** Returns the options with which the SDK's worker creates a workflow. */
async function optionsOfSdk(activation: Activation): Promise<unknown> {
  let options: unknown;
  const worker = {
    workflowCreator: { createWorkflow: (given: unknown) => Promise.resolve((options = given)) },
    options: { taskQueue: 'queue', namespace: 'space', showStackTraceSources: false },
    logger: { trace: () => undefined },
    numCachedWorkflowsSubject: { next: () => undefined, value: 0 },
  };
  const { createWorkflow } = Worker.prototype as unknown as {
    createWorkflow: (this: object, activation: Activation, initialize: unknown) => Promise<unknown>;
  };
  await createWorkflow.call(worker, activation, activation.jobs[0]!.initializeWorkflow);
  return options;
}

it('are those of the SDK for the start of every recorded history', async () => {
  const activations = firstActivations();

  expect(activations.length).toBeGreaterThan(100);
  for (const activation of activations) {
    const identity = { taskQueue: 'queue', namespace: 'space' };
    const made = workflowOptionsOf(activation, identity, workflowOptionHelpers()!);
    const withoutFunctions = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value, (_, one: unknown) => (typeof one === 'function' ? 'function' : one)));

    expect(withoutFunctions(made)).toEqual(withoutFunctions(await optionsOfSdk(activation)));
  }
});
