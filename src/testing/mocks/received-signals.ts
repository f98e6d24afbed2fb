import type { Client } from '@temporalio/client';
import type { LoadedDataConverter } from '@temporalio/common';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow';

/** A signal that a mocked workflow has received. */
export interface ReceivedSignal {
  workflowId: string;
  name: string;
  args: unknown[];
}

/** A run; with `runId` undefined, the last run of the workflow id. */
interface Run {
  workflowId: string;
  runId: string | undefined;
}

/** Returns the signals that the history of a run has so far, in order. */
export async function signalsOf(
  run: Run,
  client: Client,
  converter: LoadedDataConverter,
): Promise<ReceivedSignal[]> {
  const signals: ReceivedSignal[] = [];
  const { workflowId } = run;
  const context = { type: 'workflow', namespace: client.options.namespace, workflowId } as const;
  for (const { workflowExecutionSignaledEventAttributes: signaled } of await eventsOf(run, client)) {
    if (!signaled) continue;
    const args = await decodeArrayFromPayloads(converter, signaled.input?.payloads, context);
    signals.push({ workflowId, name: signaled.signalName ?? '', args });
  }
  return signals;
}

/** Returns true if the history of a run has a cancellation request. */
export async function isCancelRequested(run: Run, client: Client): Promise<boolean> {
  const events = await eventsOf(run, client);
  return events.some(({ workflowExecutionCancelRequestedEventAttributes: requested }) => requested);
}

async function eventsOf({ workflowId, runId }: Run, client: Client) {
  return (await client.workflow.getHandle(workflowId, runId).fetchHistory()).events ?? [];
}
