import type { temporal } from '@temporalio/proto';
import type { ActivationJob } from '../../../sdk/activation-jobs';
import type { Event } from '../../../temporal/event';
import { longOf } from './long';
import { seedOf } from './seed';

type Attributes = temporal.api.history.v1.IWorkflowExecutionStartedEventAttributes;

/** Returns the job that starts the workflow (`start_workflow_from_attribs` in sdk-core). */
export function initializeJob(started: Attributes, { eventTime }: Event, workflowId: string): ActivationJob {
  const parent = started.parentWorkflowExecution;
  return {
    initializeWorkflow: {
      workflowType: started.workflowType?.name ?? '',
      workflowId,
      arguments: started.input?.payloads ?? [],
      randomnessSeed: longOf(seedOf(started.originalExecutionRunId ?? '')),
      headers: started.header?.fields ?? {},
      identity: started.identity ?? '',
      parentWorkflowInfo: parent
        ? {
            namespace: started.parentWorkflowNamespace ?? '',
            runId: parent.runId ?? '',
            workflowId: parent.workflowId ?? '',
          }
        : null,
      workflowExecutionTimeout: started.workflowExecutionTimeout ?? null,
      workflowRunTimeout: started.workflowRunTimeout ?? null,
      workflowTaskTimeout: started.workflowTaskTimeout ?? null,
      continuedFromExecutionRunId: started.continuedExecutionRunId ?? '',
      continuedInitiator: started.initiator ?? 0,
      continuedFailure: started.continuedFailure ?? null,
      lastCompletionResult: started.lastCompletionResult ?? null,
      firstExecutionRunId: started.firstExecutionRunId ?? '',
      retryPolicy: started.retryPolicy ?? null,
      attempt: started.attempt ?? 0,
      cronSchedule: started.cronSchedule ?? '',
      workflowExecutionExpirationTime: started.workflowExecutionExpirationTime ?? null,
      cronScheduleToScheduleInterval: started.firstWorkflowTaskBackoff ?? null,
      memo: started.memo ?? null,
      searchAttributes: started.searchAttributes ?? null,
      startTime: eventTime ?? null,
      rootWorkflow: started.rootWorkflowExecution ?? null,
      priority: started.priority ?? null,
      originalExecutionRunId: started.originalExecutionRunId ?? '',
    },
  };
}
