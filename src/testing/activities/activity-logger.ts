import type { Info } from '@temporalio/activity';
import type { LogLevel, Logger } from '@temporalio/common';
import type { WorkflowLog } from '../worker/protocol';
import { nowMs } from '../time/clock';

/** Creates the logger of an activity's context. Its logs have the form of those of workflow code. */
export function activityLogger(info: Info, write: (log: WorkflowLog) => void): Logger {
  const { activityType, activityId, attempt, isLocal, workflowType, workflowExecution } = info;
  const identity = { sdkComponent: 'activity', activityType, activityId, attempt, isLocal, workflowType };
  const log = (level: LogLevel, message: string, meta?: object): void =>
    write({
      level,
      message,
      meta: { ...identity, ...workflowExecution, ...meta },
      timestampMs: Math.floor(nowMs()),
    });
  return {
    log,
    trace: (message, meta) => log('TRACE', message, meta),
    debug: (message, meta) => log('DEBUG', message, meta),
    info: (message, meta) => log('INFO', message, meta),
    warn: (message, meta) => log('WARN', message, meta),
    error: (message, meta) => log('ERROR', message, meta),
  };
}
