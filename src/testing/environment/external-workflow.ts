import type { Client } from '@temporalio/client';
import type { LoadedDataConverter } from '@temporalio/common';
import { untilIdle } from '../mocks/mocked-runs';
import { isCancelRequested, type ReceivedSignal, signalsOf } from '../mocks/received-signals';

/** A run that replaces another service's workflow. It accepts signals, and ends when cancelled. */
export class MockedExternalWorkflow {
  /** @internal */
  constructor(
    readonly workflowId: string,
    readonly runId: string,
    private readonly client: Client,
    private readonly converter: LoadedDataConverter,
  ) {}

  /** Returns the signals that it has received so far, in order. */
  signals(): Promise<ReceivedSignal[]> {
    return signalsOf(this, this.client, this.converter);
  }

  /** Returns true if a workflow or a client has requested its cancellation. */
  isCancelRequested(): Promise<boolean> {
    return isCancelRequested(this, this.client);
  }

  /** Ends the run. Signals and cancellation requests fail from then on. */
  async end(): Promise<void> {
    const handle = this.client.workflow.getHandle(this.workflowId, this.runId);
    await untilIdle(handle);
    await handle.terminate('ended by the test');
  }
}
