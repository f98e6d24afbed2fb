import type { google, temporal } from '@temporalio/proto';
import { milliseconds } from '../../temporal/event';
import type { Drift } from '../../model/verdict';
import type { Pair } from './align';
import { type CommandKind, searchAttributeFieldsOf } from '../../temporal/commands';
import {
  type Payload,
  type ValueDifference,
  diffPayload,
  diffPayloadMaps,
  diffPayloads,
} from './payload-values';

/**
 * Compares the content of matched commands, which core does not compare. Defaults that the server fills in are derived from
 * the produced command (temporal server 1.32, `service/history/api/command_attr_validator.go`), so that unchanged code shows
 * no drift. `test/replay/verdict/drift.test.ts` has a test for each default.
 */

/** The run whose commands are compared. */
export interface RunContext {
  /** Attributes of event 1. */
  started: temporal.api.history.v1.IWorkflowExecutionStartedEventAttributes;
  /** Ids of this run, of which a reset run has several; all count as equal. */
  runIdAliases: readonly string[];
  /** Namespace that the replayed code saw. */
  namespace: string;
}

type Duration = google.protobuf.IDuration;
type RetryPolicy = temporal.api.common.v1.IRetryPolicy;
type Failure = temporal.api.failure.v1.IFailure;
type Diff = (pair: Pair, run: RunContext) => ValueDifference[];

/** Limit for the differences of one command. */
const MAX_PER_COMMAND = 20;

/** Returns the drift of all matched commands, in the order of the recorded events. */
export function driftOf(pairs: readonly Pair[], run: RunContext): Drift[] {
  const drift: Drift[] = [];
  for (const pair of pairs) {
    const { eventId } = pair.recorded;
    if (pair.earlier) {
      const { recordedTask, producedTask } = pair.earlier;
      drift.push({ eventId, path: 'earlier', recorded: recordedTask, produced: producedTask });
    }
    const differences = DIFFS[pair.recorded.kind]?.(pair, run) ?? [];
    for (const difference of differences.slice(0, MAX_PER_COMMAND))
      if (!differOnlyByRunId(difference, run.runIdAliases)) drift.push({ eventId, ...difference });
  }
  return drift;
}

function differOnlyByRunId({ recorded, produced }: ValueDifference, aliases: readonly string[]): boolean {
  if (aliases.length < 2 || typeof recorded !== 'string' || typeof produced !== 'string') return false;
  const normalize = (text: string): string =>
    aliases.reduce((out, id) => out.replaceAll(id, '<run id>'), text);
  return normalize(recorded) === normalize(produced);
}

/** Returns a duration as in protobuf's JSON, `1.5s`; null for none. */
const durationText = (ms: number): string | null => (ms === 0 ? null : `${ms / 1000}s`);

/** Compares a duration; `filledIn` is the produced one with the server's default. */
function diffDuration(
  path: string,
  recorded: Duration | null | undefined,
  produced: Duration | null | undefined,
  filledIn = milliseconds(produced),
): ValueDifference[] {
  const was = milliseconds(recorded);
  if (was === milliseconds(produced) || was === filledIn) return [];
  return [{ path, recorded: durationText(was), produced: durationText(milliseconds(produced)) }];
}

function diffPlain(path: string, recorded: unknown, produced: unknown): ValueDifference[] {
  const [was, is] = [recorded ?? null, produced ?? null];
  const emptied = (value: unknown): unknown =>
    value === '' || value === 0 || value === false ? null : value;
  return emptied(was) === emptied(is) ? [] : [{ path, recorded: was, produced: is }];
}

/** Compares an enum; the server takes an unset value for `whenUnset`. */
const diffEnum = (
  path: string,
  recorded: number | null | undefined,
  produced: number | null | undefined,
  whenUnset: number,
): ValueDifference[] => diffPlain(path, recorded || whenUnset, produced || whenUnset);

const listOf = (payloads: { payloads?: Payload[] | null } | null | undefined): Payload[] =>
  payloads?.payloads ?? [];

const DEFAULT_INITIAL_INTERVAL_MS = 1_000;
const DEFAULT_BACKOFF = 2;
const DEFAULT_MAXIMUM_FACTOR = 100;

interface FilledRetryPolicy {
  initialInterval: number;
  backoffCoefficient: number;
  maximumInterval: number;
  maximumAttempts: number;
  nonRetryableErrorTypes: string;
}

function filledRetryPolicy(policy: RetryPolicy | null | undefined): FilledRetryPolicy {
  const initialInterval = milliseconds(policy?.initialInterval) || DEFAULT_INITIAL_INTERVAL_MS;
  return {
    initialInterval,
    backoffCoefficient: policy?.backoffCoefficient || DEFAULT_BACKOFF,
    maximumInterval: milliseconds(policy?.maximumInterval) || initialInterval * DEFAULT_MAXIMUM_FACTOR,
    maximumAttempts: policy?.maximumAttempts ?? 0,
    nonRetryableErrorTypes: (policy?.nonRetryableErrorTypes ?? []).join(', '),
  };
}

/** Compares retry policies. An activity without one gets the server's default; a workflow without one is not retried. */
function diffRetryPolicy(
  recorded: RetryPolicy | null | undefined,
  produced: RetryPolicy | null | undefined,
  hasDefault: boolean,
): ValueDifference[] {
  if (recorded == null && produced == null) return [];
  if (!hasDefault && (recorded == null || produced == null))
    return [{ path: 'retryPolicy', recorded: shownPolicy(recorded), produced: shownPolicy(produced) }];
  const [was, is] = [filledRetryPolicy(recorded), filledRetryPolicy(produced)];
  return (Object.keys(was) as (keyof FilledRetryPolicy)[]).flatMap((key) => {
    if (was[key] === is[key]) return [];
    const isInterval = key === 'initialInterval' || key === 'maximumInterval';
    const show = (value: string | number): unknown => (isInterval ? durationText(Number(value)) : value);
    return [{ path: `retryPolicy.${key}`, recorded: show(was[key]), produced: show(is[key]) }];
  });
}

function shownPolicy(policy: RetryPolicy | null | undefined): unknown {
  if (policy == null) return null;
  const filled = filledRetryPolicy(policy);
  return {
    ...filled,
    initialInterval: durationText(filled.initialInterval),
    maximumInterval: durationText(filled.maximumInterval),
  };
}

function diffPriority(
  recorded: temporal.api.common.v1.IPriority | null | undefined,
  produced: temporal.api.common.v1.IPriority | null | undefined,
): ValueDifference[] {
  return [
    ...diffPlain('priority.priorityKey', recorded?.priorityKey, produced?.priorityKey),
    ...diffPlain('priority.fairnessKey', recorded?.fairnessKey, produced?.fairnessKey),
    ...diffPlain('priority.fairnessWeight', recorded?.fairnessWeight, produced?.fairnessWeight),
  ];
}

interface ActivityTimeouts {
  scheduleToCloseTimeout?: Duration | null;
  scheduleToStartTimeout?: Duration | null;
  startToCloseTimeout?: Duration | null;
  heartbeatTimeout?: Duration | null;
}

/** Returns an activity's timeouts as the server records them: unset ones derived from the others, all capped by the run's. */
function filledActivityTimeouts(
  timeouts: ActivityTimeouts,
  runTimeoutMs: number,
): Record<keyof ActivityTimeouts, number> {
  const cap = (ms: number): number => (runTimeoutMs > 0 && ms > runTimeoutMs ? runTimeoutMs : ms);
  let scheduleToClose = milliseconds(timeouts.scheduleToCloseTimeout);
  let scheduleToStart = milliseconds(timeouts.scheduleToStartTimeout);
  let startToClose = milliseconds(timeouts.startToCloseTimeout);
  if (scheduleToClose > 0) {
    scheduleToStart = scheduleToStart > 0 ? Math.min(scheduleToStart, scheduleToClose) : scheduleToClose;
    startToClose = startToClose > 0 ? Math.min(startToClose, scheduleToClose) : scheduleToClose;
  } else {
    scheduleToClose = runTimeoutMs;
    scheduleToStart = scheduleToStart || runTimeoutMs;
  }
  startToClose = cap(startToClose);
  const heartbeat = milliseconds(timeouts.heartbeatTimeout);
  return {
    scheduleToCloseTimeout: cap(scheduleToClose),
    scheduleToStartTimeout: cap(scheduleToStart),
    startToCloseTimeout: startToClose,
    heartbeatTimeout: startToClose > 0 ? Math.min(heartbeat, startToClose) : heartbeat,
  };
}

const diffActivity: Diff = ({ recorded, produced }, { started }) => {
  const was = recorded.event.activityTaskScheduledEventAttributes!;
  const is = produced.command.scheduleActivity!;
  const filled = filledActivityTimeouts(is, milliseconds(started.workflowRunTimeout));
  return [
    ...diffPayloads('input', listOf(was.input), is.arguments ?? []),
    ...diffPlain('taskQueue', was.taskQueue?.name, is.taskQueue),
    ...(Object.keys(filled) as (keyof ActivityTimeouts)[]).flatMap((key) =>
      diffDuration(key, was[key], is[key], filled[key]),
    ),
    ...diffRetryPolicy(was.retryPolicy, is.retryPolicy, true),
    ...diffPriority(was.priority, is.priority),
  ];
};

const diffTimer: Diff = ({ recorded, produced }) => {
  const was = recorded.event.timerStartedEventAttributes!;
  const is = produced.command.startTimer!;
  return diffDuration('startToFireTimeout', was.startToFireTimeout, is.startToFireTimeout);
};

const TERMINATE_CHILD = 1;
const ALLOW_DUPLICATE_ID = 1;
const DEFAULT_TASK_TIMEOUT_MS = 10_000;

const diffChild: Diff = ({ recorded, produced }, run) => {
  const was = recorded.event.startChildWorkflowExecutionInitiatedEventAttributes!;
  const is = produced.command.startChildWorkflowExecution!;
  const executionMs = milliseconds(is.workflowExecutionTimeout);
  const runMs = milliseconds(is.workflowRunTimeout);
  const cappedRunMs = executionMs > 0 ? (runMs > 0 ? Math.min(runMs, executionMs) : executionMs) : runMs;
  const givenTaskMs = milliseconds(is.workflowTaskTimeout) || DEFAULT_TASK_TIMEOUT_MS;
  const taskMs = cappedRunMs > 0 ? Math.min(givenTaskMs, cappedRunMs) : givenTaskMs;
  return [
    ...diffPayloads('input', listOf(was.input), is.input ?? []),
    ...diffNamespace(was.namespace, is.namespace, run),
    ...diffPlain('taskQueue', was.taskQueue?.name, is.taskQueue || run.started.taskQueue?.name),
    ...diffDuration('workflowExecutionTimeout', was.workflowExecutionTimeout, is.workflowExecutionTimeout),
    ...diffDuration('workflowRunTimeout', was.workflowRunTimeout, is.workflowRunTimeout, cappedRunMs),
    ...diffDuration('workflowTaskTimeout', was.workflowTaskTimeout, is.workflowTaskTimeout, taskMs),
    ...diffEnum('parentClosePolicy', was.parentClosePolicy, is.parentClosePolicy, TERMINATE_CHILD),
    ...diffEnum(
      'workflowIdReusePolicy',
      was.workflowIdReusePolicy,
      is.workflowIdReusePolicy,
      ALLOW_DUPLICATE_ID,
    ),
    ...diffPlain('cronSchedule', was.cronSchedule, is.cronSchedule),
    ...diffRetryPolicy(was.retryPolicy, is.retryPolicy, false),
    ...diffPayloadMaps('memo', was.memo?.fields, is.memo),
    ...diffSearchAttributes(was.searchAttributes?.indexedFields, searchAttributeFieldsOf(is)),
    ...diffPriority(was.priority, is.priority),
  ];
};

/** Compares a namespace only if the code chose one: on replay, the namespace of the history is often unknown. */
const diffNamespace = (
  recorded: string | null | undefined,
  produced: string | null | undefined,
  run: RunContext,
): ValueDifference[] =>
  !recorded || !produced || produced === run.namespace ? [] : diffPlain('namespace', recorded, produced);

/** Compares the data of search attributes only: the server adds metadata (the type) to them. */
const diffSearchAttributes = (
  recorded: Readonly<Record<string, Payload>> | null | undefined,
  produced: Readonly<Record<string, Payload>> | null | undefined,
): ValueDifference[] => diffPayloadMaps('searchAttributes', dataOnly(recorded), dataOnly(produced));

const JSON_METADATA = { encoding: Buffer.from('json/plain') };
const dataOnly = (fields: Readonly<Record<string, Payload>> | null | undefined): Record<string, Payload> =>
  Object.fromEntries(
    Object.entries(fields ?? {}).map(([key, { data }]) => [
      key,
      { data: data ?? null, metadata: JSON_METADATA },
    ]),
  );

const diffExternalSignal: Diff = ({ recorded, produced }, run) => {
  const was = recorded.event.signalExternalWorkflowExecutionInitiatedEventAttributes!;
  const is = produced.command.signalExternalWorkflowExecution!;
  const { workflowExecution: target, childWorkflowId } = is;
  return [
    ...diffPlain('signalName', was.signalName, is.signalName),
    ...diffNamespace(was.namespace, target?.namespace, run),
    ...diffPlain('workflowId', was.workflowExecution?.workflowId, childWorkflowId || target?.workflowId),
    ...diffPlain('runId', was.workflowExecution?.runId, target?.runId),
    ...diffPlain('childWorkflowOnly', was.childWorkflowOnly, Boolean(childWorkflowId)),
    ...diffPayloads('input', listOf(was.input), is.args ?? []),
  ];
};

const diffExternalCancel: Diff = ({ recorded, produced }, run) => {
  const was = recorded.event.requestCancelExternalWorkflowExecutionInitiatedEventAttributes!;
  const target = produced.command.requestCancelExternalWorkflowExecution?.workflowExecution;
  if (!target) {
    // The command that cancels a child has its number only; `align` has looked up its id.
    return diffPlain('workflowId', was.workflowExecution?.workflowId, produced.name);
  }
  return [
    ...diffNamespace(was.namespace, target.namespace, run),
    ...diffPlain('workflowId', was.workflowExecution?.workflowId, target.workflowId),
    ...diffPlain('runId', was.workflowExecution?.runId, target.runId),
  ];
};

const diffUpsert: Diff = ({ recorded, produced }) =>
  diffSearchAttributes(
    recorded.event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields,
    searchAttributeFieldsOf(produced.command.upsertWorkflowSearchAttributes!),
  );

const diffMemo: Diff = ({ recorded, produced }) =>
  diffPayloadMaps(
    'memo',
    recorded.event.workflowPropertiesModifiedEventAttributes?.upsertedMemo?.fields,
    produced.command.modifyWorkflowProperties?.upsertedMemo?.fields,
  );

const diffNexus: Diff = ({ recorded, produced }) => {
  const was = recorded.event.nexusOperationScheduledEventAttributes!;
  const is = produced.command.scheduleNexusOperation!;
  return [
    ...diffPlain('endpoint', was.endpoint, is.endpoint),
    ...diffPlain('service', was.service, is.service),
    ...diffPlain('operation', was.operation, is.operation),
    ...diffPayload('input', was.input ?? undefined, is.input ?? undefined),
    ...diffDuration('scheduleToCloseTimeout', was.scheduleToCloseTimeout, is.scheduleToCloseTimeout),
  ];
};

const diffComplete: Diff = ({ recorded, produced }) => {
  const result = produced.command.completeWorkflowExecution?.result;
  const was = listOf(recorded.event.workflowExecutionCompletedEventAttributes?.result);
  return diffPayloads('result', was, result ? [result] : []);
};

const diffFail: Diff = ({ recorded, produced }) =>
  diffFailure(
    'failure',
    recorded.event.workflowExecutionFailedEventAttributes?.failure,
    produced.command.failWorkflowExecution?.failure,
  );

/** Compares failures without their stack traces: any edit changes paths and line numbers. */
function diffFailure(
  path: string,
  recorded: Failure | null | undefined,
  produced: Failure | null | undefined,
): ValueDifference[] {
  if (recorded == null && produced == null) return [];
  if (recorded == null || produced == null)
    return [{ path, recorded: recorded?.message ?? null, produced: produced?.message ?? null }];
  const [was, is] = [recorded.applicationFailureInfo, produced.applicationFailureInfo];
  return [
    ...diffPlain(`${path}.message`, recorded.message, produced.message),
    ...diffPlain(`${path}.type`, was?.type, is?.type),
    ...diffPlain(`${path}.nonRetryable`, was?.nonRetryable, is?.nonRetryable),
    ...diffPayloads(`${path}.details`, listOf(was?.details), listOf(is?.details)),
    ...diffFailure(`${path}.cause`, recorded.cause, produced.cause),
  ];
}

const diffUpdateCompleted: Diff = ({ recorded, produced }) => {
  const outcome = recorded.event.workflowExecutionUpdateCompletedEventAttributes?.outcome;
  const { completed, rejected } = produced.command.updateResponse!;
  return [
    ...diffPayloads('outcome.success', listOf(outcome?.success), completed ? [completed] : []),
    ...diffFailure('outcome.failure', outcome?.failure, rejected),
  ];
};

const diffContinueAsNew: Diff = ({ recorded, produced }, { started }) => {
  const was = recorded.event.workflowExecutionContinuedAsNewEventAttributes!;
  const is = produced.command.continueAsNewWorkflowExecution!;
  const inherited = <T>(value: T | null | undefined, current: T | null | undefined): T | null | undefined =>
    value == null ? current : value;
  return [
    ...diffPlain('workflowType', was.workflowType?.name, is.workflowType || started.workflowType?.name),
    ...diffPayloads('input', listOf(was.input), is.arguments ?? []),
    ...diffPlain('taskQueue', was.taskQueue?.name, is.taskQueue || started.taskQueue?.name),
    ...diffDuration(
      'workflowRunTimeout',
      was.workflowRunTimeout,
      is.workflowRunTimeout,
      milliseconds(inherited(is.workflowRunTimeout, started.workflowRunTimeout)),
    ),
    ...diffDuration(
      'workflowTaskTimeout',
      was.workflowTaskTimeout,
      is.workflowTaskTimeout,
      milliseconds(inherited(is.workflowTaskTimeout, started.workflowTaskTimeout)),
    ),
    // The server takes over the memo and the search attributes of the current run if none are given.
    ...(hasKeys(is.memo) ? diffPayloadMaps('memo', was.memo?.fields, is.memo) : []),
    ...(hasKeys(searchAttributeFieldsOf(is))
      ? diffSearchAttributes(was.searchAttributes?.indexedFields, searchAttributeFieldsOf(is))
      : []),
  ];
};

const hasKeys = (value: object | null | undefined): boolean => Object.keys(value ?? {}).length > 0;

/** Comparison by kind of command; a kind that is missing has no content that could drift. */
const DIFFS: Readonly<Partial<Record<CommandKind, Diff>>> = {
  activity: diffActivity,
  timer: diffTimer,
  child: diffChild,
  externalCancel: diffExternalCancel,
  externalSignal: diffExternalSignal,
  searchAttributes: diffUpsert,
  memo: diffMemo,
  updateCompleted: diffUpdateCompleted,
  nexus: diffNexus,
  complete: diffComplete,
  fail: diffFail,
  continueAsNew: diffContinueAsNew,
};
