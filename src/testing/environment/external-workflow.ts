import type { Client } from '@temporalio/client';
import type { LoadedDataConverter } from '@temporalio/common';
import { untilIdle } from '../mocks/mocked-runs';
import { isCancelRequested, type ReceivedSignal, signalsOf } from '../mocks/received-signals';

/** A run that stands in for a workflow of somebody else: it takes signals, and a cancellation ends it. */
export class MockedExternalWorkflow {
  /** @internal */
  constructor(
    readonly workflowId: string,
    readonly runId: string,
    private readonly client: Client,
    private readonly converter: LoadedDataConverter,
  ) {}

  /** The signals that it has received so far, in order. */
  signals(): Promise<ReceivedSignal[]> {
    return signalsOf(this, this.client, this.converter);
  }

  /** Whether its cancellation was asked for. */
  isCancelRequested(): Promise<boolean> {
    return isCancelRequested(this, this.client);
  }

  /** Ends it: signals and cancels fail from now on. */
  async end(): Promise<void> {
    const handle = this.client.workflow.getHandle(this.workflowId, this.runId);
    await untilIdle(handle);
    await handle.terminate('ended by the test');
  }
}
