import { Onboarding } from './onboarding';
import type { OnboardingResult, Signup } from './types';

export async function onboardUser(signup: Signup): Promise<OnboardingResult> {
  const onboarding = new Onboarding(signup);
  return await onboarding.run();
}
