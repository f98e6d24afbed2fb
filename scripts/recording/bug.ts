import type { WorkflowInterceptors } from '@temporalio/workflow';

/** A version with a bug that the next one fixes: the workflow task that would charge a card fails. */
export const interceptors = (): WorkflowInterceptors => ({
  outbound: [
    {
      async scheduleActivity(input, next) {
        if (input.activityType === 'chargePayment') {
          throw new TypeError("Cannot read properties of undefined (reading 'token')");
        }
        return await next(input);
      },
    },
  ],
});
