import { temporal } from '@temporalio/proto';

type History = temporal.api.history.v1.IHistory;
type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** Ids that are known from outside the history: from where it comes, the name of its file, or what it was wrapped in. */
export interface IdHint {
  workflowId?: string;
  runId?: string;
  namespace?: string;
}

/** The ids by which a run goes. */
export interface HistoryIdentity {
  /** Workflow id; null if neither the history nor its file name has it (servers before 1.18 don't record it). */
  workflowId: string | null;
  /** Id of the run itself: for a reset run that of the reset, not `originalExecutionRunId`. */
  runId: string | null;
  /** Id that core seeds random numbers with, and reports as the run's id. */
  originalRunId: string | null;
  /** First run of the chain (continue-as-new, retry, cron). */
  firstRunId: string | null;
  workflowType: string | null;
  taskQueue: string | null;
  /** Namespace; null if it is not known from outside, and no event holds it for certain. */
  namespace: string | null;
  /** Every id that the run has or had. */
  runIdAliases: string[];
}

const { EventType, WorkflowTaskFailedCause } = temporal.api.enums.v1;

/**
 * Returns the ids of a run from event 1, and those that older servers don't record from the hint. Never throws, not even for a
 * history that `validateHistory` refuses.
 */
export function identityOf(history: History, hint: IdHint = {}): HistoryIdentity {
  const events = history.events ?? [];
  const started = events[0]?.workflowExecutionStartedEventAttributes;
  const originalRunId = started?.originalExecutionRunId || null;
  let runId = originalRunId;
  const aliases = new Set<string>();
  if (originalRunId) aliases.add(originalRunId);
  for (const event of events) {
    if (event.eventType !== EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED) continue;
    const failed = event.workflowTaskFailedEventAttributes;
    if (failed?.cause !== WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW) continue;
    if (failed.baseRunId) aliases.add(failed.baseRunId);
    if (failed.newRunId) {
      aliases.add(failed.newRunId);
      runId = failed.newRunId;
    }
  }
  runId ??= hint.runId ?? null;
  if (hint.runId) aliases.add(hint.runId);
  return {
    workflowId: started?.workflowId || hint.workflowId || null,
    runId,
    originalRunId,
    firstRunId: started?.firstExecutionRunId || null,
    workflowType: started?.workflowType?.name || null,
    taskQueue: started?.taskQueue?.name || null,
    namespace: hint.namespace ?? namespaceOf(events),
    runIdAliases: [...aliases],
  };
}

/**
 * Returns the namespace if an event has it for certain: the SDK for TypeScript starts children, and signals and cancels other
 * workflows, only in its own namespace (`namespace: activator.info.namespace, // Not configurable` in @temporalio/workflow's workflow.ts). Other SDKs
 * can name another one there, and `parentWorkflowNamespace` is the parent's, which can differ.
 */
function namespaceOf(events: HistoryEvent[]): string | null {
  let namespace: string | null = null;
  for (const event of events) {
    const sdkName = event.workflowTaskCompletedEventAttributes?.sdkMetadata?.sdkName;
    if (sdkName && sdkName !== 'temporal-typescript') return null;
    const named = (
      event.startChildWorkflowExecutionInitiatedEventAttributes ??
      event.signalExternalWorkflowExecutionInitiatedEventAttributes ??
      event.requestCancelExternalWorkflowExecutionInitiatedEventAttributes
    )?.namespace;
    if (!named) continue;
    if (namespace !== null && namespace !== named) return null;
    namespace = named;
  }
  return namespace;
}
