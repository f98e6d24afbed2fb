import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

export const STAGE = defineSearchAttributeKey('OnboardingStage', SearchAttributeType.KEYWORD);
