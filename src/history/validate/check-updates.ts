import type { Event } from '../../temporal/event';
import type { HistoryProblem } from '../formats/problem';
import { describeEvent, refuse } from './refusal';

/** Refuses an update whose request is incomplete: core rebuilds it from the Accepted event, or from the Admitted event before it. */
export function checkUpdates(events: readonly Event[]): HistoryProblem | null {
  const admitted = new Set<string>();
  const accepted = new Set<string>();
  for (const event of events) {
    const admission = event.workflowExecutionUpdateAdmittedEventAttributes;
    const acceptance = event.workflowExecutionUpdateAcceptedEventAttributes;
    if (!admission && !acceptance) continue;
    const request = admission ? admission.request : acceptance!.acceptedRequest;
    const instance = acceptance?.protocolInstanceId ?? '';
    if (acceptance && instance === '')
      return refuse('BAD_UPDATE', `${describeEvent(event)} has no protocolInstanceId`);
    const whole = request?.meta?.updateId && request.input?.name;
    if (!whole && !admitted.has(instance)) {
      return refuse('BAD_UPDATE', `${describeEvent(event)} does not hold the update's request`);
    }
    if (admission) admitted.add(request?.meta?.updateId ?? '');
    else if (accepted.has(instance)) {
      return refuse('BAD_UPDATE', `${describeEvent(event)} accepts an update that was accepted before`);
    } else accepted.add(instance);
  }
  return null;
}
