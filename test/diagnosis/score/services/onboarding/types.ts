export interface Signup {
  userId: string;
  email: string;
  plan: 'free' | 'team';
  remindEvery: string;
}

export interface OnboardingResult {
  outcome: 'active' | 'abandoned';
  reminders: number;
}

export interface OnboardingActivities {
  createAccount(signup: { userId: string; email: string }): Promise<{ accountId: string }>;
  sendEmail(email: { to: string; template: string; reference: string }): Promise<void>;
  provisionWorkspace(account: { accountId: string; plan: string }): Promise<{ workspace: string }>;
  syncCrm(contact: { userId: string; stage: string }): Promise<void>;
  deactivateAccount(account: { accountId: string }): Promise<void>;
}
