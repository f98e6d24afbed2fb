import * as wf from '@temporalio/workflow';
import { STAGE } from './attributes';
import type { OnboardingActivities, OnboardingResult, Signup } from './types';

const activities = wf.proxyActivities<OnboardingActivities>({
  startToCloseTimeout: '1 minute',
  retry: { maximumAttempts: 10 },
});

const MAX_REMINDERS = 2;

export const emailVerified = wf.defineSignal('emailVerified');
export const optOut = wf.defineSignal<[string]>('optOut');

/** One user's way from the sign-up form to a workspace of their own. */
export class Onboarding {
  private verified = false;
  private reminders = 0;
  private wantsReminders = true;

  constructor(private readonly signup: Signup) {
    wf.setHandler(emailVerified, () => {
      this.verified = true;
    });
    wf.setHandler(optOut, async (reason) => {
      this.wantsReminders = false;
      wf.log.info('no more reminders', { reason });
      await activities.syncCrm({ userId: this.signup.userId, stage: 'opted-out' });
    });
  }

  async run(): Promise<OnboardingResult> {
    this.enter('signed-up');
    const { userId, email, plan } = this.signup;
    const { accountId } = await activities.createAccount({ userId, email });
    wf.upsertMemo({ accountId, plan });
    await this.mail('welcome');

    if (!(await this.waitForVerification())) {
      return await this.abandon(accountId);
    }
    this.enter('verified');
    await this.settleIn(accountId);
    return { outcome: 'active', reminders: this.reminders };
  }

  private async waitForVerification(): Promise<boolean> {
    while (this.reminders < MAX_REMINDERS) {
      if (await wf.condition(() => this.verified, this.signup.remindEvery as '1 second')) return true;
      this.reminders++;
      if (this.wantsReminders) await this.mail(`reminder-${this.reminders}`);
    }
    return this.verified;
  }

  private async settleIn(accountId: string): Promise<void> {
    const { workspace } = await activities.provisionWorkspace({ accountId, plan: this.signup.plan });
    if (wf.patched('crm-sync')) {
      await activities.syncCrm({ userId: this.signup.userId, stage: 'active' });
    } else {
      await wf.sleep(50);
    }
    await this.mail('workspace-ready');
    wf.log.info('settled in', { workspace });
    this.enter('active');
  }

  private async abandon(accountId: string): Promise<OnboardingResult> {
    await activities.deactivateAccount({ accountId });
    this.enter('abandoned');
    return { outcome: 'abandoned', reminders: this.reminders };
  }

  private enter(stage: string): void {
    wf.upsertSearchAttributes([{ key: STAGE, value: stage }]);
  }

  private async mail(template: string): Promise<void> {
    const { email, userId } = this.signup;
    await activities.sendEmail({ to: email, template, reference: `${userId}/${template}` });
  }
}
