import type { coresdk, temporal } from '@temporalio/proto';
import type { Event } from '../temporal/event';

/**
 * Activation jobs as core sends them to workflow code, made from recorded events, so that code can run on where core stops.
 *
 * Relies on the sandbox to take an activation that core did not send (checked on SDK 1.24.0). The diagnosis alone depends on
 * it: if the sandbox refuses one, the comparison ends there. `test/sdk/activation-jobs.test.ts` holds the names of the jobs,
 * `test/diagnosis/score/score.test.ts` what the diagnosis makes of them.
 */
export type ActivationJob = coresdk.workflow_activation.IWorkflowActivationJob;
export type SdkActivation = coresdk.workflow_activation.IWorkflowActivation;
type Payload = temporal.api.common.v1.IPayload;
type Failure = temporal.api.failure.v1.IFailure;

/** A kind of answer that workflow code waits for. A child and a Nexus operation are answered twice: for start and end. */
export type AwaitedKind =
  | 'activity'
  | 'localActivity'
  | 'timer'
  | 'childStart'
  | 'child'
  | 'externalSignal'
  | 'externalCancel'
  | 'nexusStart'
  | 'nexus';

/** The outcome of a command; both are null for a command that completed without a result. */
export interface Outcome {
  failure: Failure | null;
  result: Payload | null;
}

/** Returns the job that answers the command of that kind and number. */
export function answerJob(kind: AwaitedKind, seq: number, { failure, result }: Outcome): ActivationJob {
  const outcome = failure ? { failed: { failure } } : { completed: result ? { result } : {} };
  switch (kind) {
    case 'activity':
    case 'localActivity':
      return { resolveActivity: { seq, result: outcome, isLocal: kind === 'localActivity' } };
    case 'timer':
      return { fireTimer: { seq } };
    case 'childStart':
      return { resolveChildWorkflowExecutionStart: { seq, succeeded: { runId: 'unknown' } } };
    case 'child':
      return { resolveChildWorkflowExecution: { seq, result: outcome } };
    case 'nexusStart':
      return { resolveNexusOperationStart: { seq, startedSync: true } };
    case 'nexus':
      return {
        resolveNexusOperation: { seq, result: failure ? { failed: failure } : { completed: result } },
      };
    case 'externalSignal':
      return { resolveSignalExternalWorkflow: { seq } };
    case 'externalCancel':
      return { resolveRequestCancelExternalWorkflow: { seq } };
  }
}

/** Returns what a job answers; empty for a job that answers nothing. An activity's job does not say if the activity is local. */
export function answeredBy(job: ActivationJob): { kind: AwaitedKind; seq: number }[] {
  const answers: [AwaitedKind, { seq?: number | null } | null | undefined][] = [
    ['activity', job.resolveActivity],
    ['localActivity', job.resolveActivity],
    ['timer', job.fireTimer],
    ['externalSignal', job.resolveSignalExternalWorkflow],
    ['externalCancel', job.resolveRequestCancelExternalWorkflow],
    ['childStart', job.resolveChildWorkflowExecutionStart],
    ['child', job.resolveChildWorkflowExecution],
    ['nexusStart', job.resolveNexusOperationStart],
    ['nexus', job.resolveNexusOperation],
  ];
  return answers.flatMap(([kind, answer]) => (answer ? [{ kind, seq: answer.seq ?? 0 }] : []));
}

/** Returns the job that tells the code that the history has a patch marker. */
export const patchJob = (patchId: string): ActivationJob => ({ notifyHasPatch: { patchId } });

/** Returns the protocol instance id of the update that a job delivers; null for another job. */
export const updateDeliveredBy = ({ doUpdate }: ActivationJob): string | null =>
  doUpdate ? (doUpdate.protocolInstanceId ?? '') : null;

/** Returns the job that delivers a signal, a cancellation or an update to the workflow; null for another event. */
export function deliveryJob(event: Event): ActivationJob | null {
  const signal = event.workflowExecutionSignaledEventAttributes;
  if (signal) {
    const { signalName, identity, header } = signal;
    return {
      signalWorkflow: {
        signalName,
        identity,
        input: signal.input?.payloads ?? [],
        headers: header?.fields ?? {},
      },
    };
  }
  const cancel = event.workflowExecutionCancelRequestedEventAttributes;
  if (cancel) return { cancelWorkflow: { reason: cancel.cause ?? '' } };
  const update = event.workflowExecutionUpdateAcceptedEventAttributes;
  const request = update?.acceptedRequest;
  if (!update || !request) return null;
  return {
    doUpdate: {
      id: request.meta?.updateId ?? '',
      protocolInstanceId: update.protocolInstanceId ?? '',
      name: request.input?.name ?? '',
      input: request.input?.args?.payloads ?? [],
      headers: request.input?.header?.fields ?? {},
      meta: { updateId: request.meta?.updateId ?? '', identity: request.meta?.identity ?? '' },
      runValidator: false,
    },
  };
}
