import type { Service } from '../../recording';
import type { OnboardingActivities, Signup } from './types';

const activities: OnboardingActivities = {
  createAccount: async ({ userId }) => ({ accountId: `acc-${userId}` }),
  sendEmail: async () => undefined,
  provisionWorkspace: async ({ accountId }) => ({ workspace: `${accountId}.example.com` }),
  syncCrm: async () => undefined,
  deactivateAccount: async () => undefined,
};

const signup = (userId: string, remindEvery: string): Signup => ({
  userId,
  email: `${userId}@example.com`,
  plan: 'team',
  remindEvery,
});

export const onboarding: Service = {
  name: 'onboarding',
  activities,
  cases: [
    {
      history: 'active',
      type: 'onboardUser',
      args: [signup('ada', '2 seconds')],
      async drive(recorder, handle) {
        // After the first reminder.
        await recorder.waitFor(handle.workflowId, 'TIMER_STARTED', 2);
        await handle.signal('emailVerified');
      },
    },
    {
      // By the code as it was before the patch.
      history: 'active-before-crm',
      type: 'onboardUser',
      args: [signup('bob', '1 hour')],
      code: { 'onboarding.ts': [["if (wf.patched('crm-sync')) {", 'if (wf.workflowInfo().attempt > 99) {']] },
      async drive(recorder, handle) {
        await recorder.waitFor(handle.workflowId, 'TIMER_STARTED');
        await handle.signal('emailVerified');
      },
    },
    { history: 'abandoned', type: 'onboardUser', args: [signup('cyd', '500 ms')] },
    {
      history: 'open-opted-out',
      type: 'onboardUser',
      args: [signup('dee', '1 day')],
      async leaveOpen(recorder, handle) {
        await recorder.waitFor(handle.workflowId, 'TIMER_STARTED');
        await handle.signal('optOut', 'too many mails');
        await recorder.waitFor(handle.workflowId, 'ACTIVITY_TASK_COMPLETED', 3);
        await recorder.settled(handle.workflowId);
      },
    },
  ],
};
