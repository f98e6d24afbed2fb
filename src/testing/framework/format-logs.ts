import { harmlessText } from '../../util/harmless-text';
import type { WorkflowLog } from '../worker/protocol';

/** Attributes that each log has and that a line leaves out. */
const COMMON_ATTRIBUTES = new Set([
  'sdkComponent',
  'namespace',
  'taskQueue',
  'runId',
  'workflowId',
  'workflowType',
  'workflowRunId',
  'workflowNamespace',
  'activityId',
  'activityType',
  'attempt',
  'isLocal',
  'taskToken',
]);

/** Formats logs as lines: time, level, message, attributes, and the workflow or activity. */
export function formatLogs(logs: readonly WorkflowLog[]): string {
  const sorted = [...logs].sort((a, b) => a.timestampMs - b.timestampMs);
  return harmlessText(['Logs of workflow and activity code in this test:', ...sorted.map(lineOf)].join('\n'));
}

function lineOf({ level, message, meta, timestampMs }: WorkflowLog): string {
  const time = new Date(timestampMs).toISOString().slice(11, -1);
  const own = Object.fromEntries(Object.entries(meta).filter(([name]) => !COMMON_ATTRIBUTES.has(name)));
  const attributes = Object.keys(own).length === 0 ? '' : ` ${JSON.stringify(own)}`;
  return `  ${time} ${level.padEnd(5)} ${message}${attributes}  (${loggerOf(meta)})`;
}

function loggerOf({ workflowType, workflowId, activityType, attempt }: Record<string, unknown>): string {
  const workflow = `${String(workflowType ?? 'workflow')} ${String(workflowId ?? '')}`.trim();
  if (activityType === undefined) return workflow;
  return `activity ${String(activityType)}, attempt ${String(attempt ?? 1)}, of ${workflow}`;
}
