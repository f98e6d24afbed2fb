import {
  type ActivityInput,
  type Next,
  type WorkflowInterceptors,
  type WorkflowOutboundCallsInterceptor,
  defaultPayloadConverter,
  workflowInfo,
} from '@temporalio/workflow';
import { signatureOf } from './signature';

/** Tells each activity on whose behalf it runs. */
class CallerHeaders implements WorkflowOutboundCallsInterceptor {
  async scheduleActivity(
    input: ActivityInput,
    next: Next<WorkflowOutboundCallsInterceptor, 'scheduleActivity'>,
  ): Promise<unknown> {
    const caller = workflowInfo().workflowId;
    const signature = await signatureOf(caller);
    const headers = {
      ...input.headers,
      caller: defaultPayloadConverter.toPayload(caller)!,
      signature: defaultPayloadConverter.toPayload(signature)!,
    };
    return await next({ ...input, headers });
  }
}

export const interceptors = (): WorkflowInterceptors => ({ outbound: [new CallerHeaders()] });
