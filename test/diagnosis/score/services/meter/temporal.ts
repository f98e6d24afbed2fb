export * from '@temporalio/workflow';
export { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
