import type { coresdk, google, temporal } from '@temporalio/proto';
import type { Activation } from '../verdict/align';
import {
  type Command,
  type Event,
  type RecordedItem,
  endsRun,
  eventIdOf,
  recordedItemOf,
} from '../../temporal/commands';
import { referenceOf } from '../../temporal/relations';

/**
 * How the code would go on after its commands differ from the recorded ones, where core stops: each command that it
 * issues is answered as the like command was in the history, and with nothing where there was none. So a command too
 * many can be told from another one in its place. It serves the diagnosis only: no verdict hangs on it.
 */

type Job = coresdk.workflow_activation.IWorkflowActivationJob;
export type SdkActivation = coresdk.workflow_activation.IWorkflowActivation;
type Payload = temporal.api.common.v1.IPayload;
type Failure = temporal.api.failure.v1.IFailure;

export interface WhatIfInput {
  events: readonly Event[];
  /** Recorded commands that nothing matched, and those that were matched: event id by kind and number. */
  unmatched: readonly RecordedItem[];
  matched: ReadonlyMap<string, RecordedItem>;
  /** All activations so far, the last one being where the difference was made. */
  activations: readonly { activation: SdkActivation; commands: readonly Command[] }[];
  activate(activation: SdkActivation): Promise<readonly Command[] | null>;
  /** Whether a timer is only the longest time to wait for something else. */
  isTimeout(command: Command): boolean;
}

const MAX_STEPS = 300;

/** @returns the further activations; ends where nothing is left to answer, or the code throws. */
export async function playOn(input: WhatIfInput): Promise<Activation[]> {
  const last = input.activations.at(-1)?.activation;
  if (!last) return [];
  const play = new Play(input, Number(last.historyLength ?? 0));
  const result: Activation[] = [];
  for (let step = 0; step < MAX_STEPS; step++) {
    const jobs = play.nextJobs(step === 0);
    if (jobs === null) break;
    const commands = await input.activate({ ...last, isReplaying: true, jobs });
    if (commands === null) break;
    play.take(commands);
    result.push({ taskStartedId: Number.MAX_SAFE_INTEGER, replaying: true, commands });
    if (commands.some(endsRun)) break;
  }
  return result;
}

/** A command that waits for its answer. */
interface Waiting {
  kind:
    | 'activity'
    | 'localActivity'
    | 'timer'
    | 'child'
    | 'childStart'
    | 'externalSignal'
    | 'externalCancel'
    | 'nexus'
    | 'nexusStart';
  seq: number;
  name: string;
  /** The recorded command that it stands for; null where there is none. */
  recorded: RecordedItem | null;
  /** Answered only when nothing else can happen: else whoever waits would always see a time-out. */
  isLast: boolean;
  isOutOfTurn: boolean;
}

type Asked = Omit<Waiting, 'recorded' | 'isLast' | 'isOutOfTurn'>;

class Play {
  private readonly waiting = new Map<string, Waiting>();
  private readonly unmatched: RecordedItem[];
  private readonly answers: ReadonlyMap<number, Event[]>;
  private cursor: number;
  private readonly patches: string[];
  /** Updates that have come: their event stands behind the task in which they did. */
  private readonly updates = new Set<string>();

  constructor(
    private readonly input: WhatIfInput,
    fromEventId: number,
  ) {
    this.unmatched = [...input.unmatched];
    this.answers = answersByCommand(input.events);
    this.cursor = input.events.findIndex((event) => eventIdOf(event) > fromEventId);
    if (this.cursor === -1) this.cursor = input.events.length;
    this.patches = this.unmatched.flatMap((item) => (item.kind === 'patch' && item.name ? [item.name] : []));
    const due = this.unmatched[0];
    for (const { activation, commands } of input.activations) {
      for (const job of activation.jobs ?? []) {
        this.settle(job);
        if (job.doUpdate) this.updates.add(job.doUpdate.protocolInstanceId ?? '');
      }
      this.take(commands);
    }
    // What came out of turn is answered at once: its recorded answer may have waited for what came before it.
    for (const item of this.waiting.values())
      if (item.recorded && item.recorded !== due && input.unmatched.includes(item.recorded) && !item.isLast)
        item.isOutOfTurn = true;
  }

  take(commands: readonly Command[]): void {
    for (const command of commands) {
      const cancelled = cancelledBy(command);
      if (cancelled) this.waiting.delete(cancelled);
      const waiting = waitingFor(command);
      if (!waiting) continue;
      const recorded = this.recordedFor(waiting);
      const isLast = recorded === null && waiting.kind === 'timer' && this.input.isTimeout(command);
      const item: Waiting = { ...waiting, recorded, isLast, isOutOfTurn: false };
      this.waiting.set(`${waiting.kind}:${waiting.seq}`, item);
    }
  }

  /** What happens next; null where nothing can. */
  nextJobs(isFirst: boolean): Job[] | null {
    const patches = isFirst ? this.patches.map((patchId) => ({ notifyHasPatch: { patchId } })) : [];
    const next = this.nextJob();
    return next ? [...patches, next] : null;
  }

  private nextJob(): Job | null {
    const arrived = [...this.waiting.values()].find((item) => this.isDue(item));
    if (arrived) return this.answer(arrived);
    for (; this.cursor < this.input.events.length; this.cursor++) {
      const event = this.input.events[this.cursor]!;
      const outside = outsideJobOf(event);
      if (outside && !this.updates.has(outside.doUpdate?.protocolInstanceId ?? '')) {
        this.cursor++;
        return outside;
      }
      const asked = [...this.waiting.values()].find(
        (item) => item.recorded && this.answers.get(item.recorded.eventId)?.includes(event),
      );
      if (asked) {
        this.cursor++;
        return this.answer(asked);
      }
    }
    const last = [...this.waiting.values()].find((item) => item.isLast);
    return last ? this.answer(last) : null;
  }

  /** Made-up answers come at once, and recorded ones that lie behind the cursor. */
  private isDue({ recorded, isLast, isOutOfTurn }: Waiting): boolean {
    if (isOutOfTurn) return true;
    if (!recorded) return !isLast;
    const at = this.input.events[this.cursor];
    const due = this.answers.get(recorded.eventId)?.[0];
    return due !== undefined && (at === undefined || eventIdOf(due) < eventIdOf(at));
  }

  private answer(item: Waiting): Job {
    this.waiting.delete(`${item.kind}:${item.seq}`);
    const answers = item.recorded ? (this.answers.get(item.recorded.eventId) ?? []) : [];
    const [job, then] = jobFor(item, answers, this.madeUp(item));
    if (then) this.waiting.set(`${then.kind}:${then.seq}`, then);
    return job;
  }

  /** For a command that the history doesn't have: the answer of what stands in its place, which may be its old name. */
  private madeUp(item: Waiting): Payload | null {
    const front = this.unmatched[0];
    if (item.recorded || !front || front.kind !== item.kind.replace('Start', '')) return null;
    return (this.answers.get(front.eventId) ?? []).map(resultOf).find((result) => result !== null) ?? null;
  }

  private recordedFor({ kind, seq, name }: Asked): RecordedItem | null {
    const commandKind = kind.replace('Start', '');
    const known = this.input.matched.get(`${commandKind}:${seq}`);
    if (known) return known;
    const isLike = (item: RecordedItem): boolean => item.kind === commandKind && labelOf(item) === name;
    const index = this.unmatched.findIndex(isLike);
    if (index !== -1) return this.unmatched.splice(index, 1)[0]!;
    // A timer of another length is the same timer only where the next one is due.
    return commandKind === 'timer' && this.unmatched[0]?.kind === 'timer' ? this.unmatched.shift()! : null;
  }

  private settle(job: Job): void {
    const settled: [Waiting['kind'], { seq?: number | null } | null | undefined][] = [
      ['activity', job.resolveActivity],
      ['localActivity', job.resolveActivity],
      ['timer', job.fireTimer],
      ['externalSignal', job.resolveSignalExternalWorkflow],
      ['externalCancel', job.resolveRequestCancelExternalWorkflow],
      ['child', job.resolveChildWorkflowExecution],
      ['nexus', job.resolveNexusOperation],
    ];
    for (const [kind, resolved] of settled) if (resolved) this.waiting.delete(`${kind}:${resolved.seq ?? 0}`);
    for (const kind of ['child', 'nexus'] as const) {
      const started =
        kind === 'child' ? job.resolveChildWorkflowExecutionStart : job.resolveNexusOperationStart;
      const waiting = started && this.waiting.get(`${kind}Start:${started.seq ?? 0}`);
      if (!waiting) continue;
      this.waiting.delete(`${kind}Start:${waiting.seq}`);
      this.waiting.set(`${kind}:${waiting.seq}`, { ...waiting, kind });
    }
  }
}

function waitingFor(command: Command): Asked | null {
  const of = (
    kind: Waiting['kind'],
    seq: number | null | undefined,
    name: string | null | undefined,
  ): Asked => ({ kind, seq: seq ?? 0, name: name ?? '' });
  const {
    scheduleActivity: activity,
    scheduleLocalActivity: local,
    startTimer: timer,
    startChildWorkflowExecution: child,
    signalExternalWorkflowExecution: signal,
    requestCancelExternalWorkflowExecution: cancel,
    scheduleNexusOperation: nexus,
  } = command;
  if (activity) return of('activity', activity.seq, activity.activityType);
  if (local) return of('localActivity', local.seq, local.activityType);
  if (timer) return of('timer', timer.seq, lengthOf(timer.startToFireTimeout));
  if (child) return of('childStart', child.seq, child.workflowType);
  if (signal) return of('externalSignal', signal.seq, signal.signalName);
  if (cancel) return of('externalCancel', cancel.seq, cancel.workflowExecution?.workflowId);
  if (nexus) return of('nexusStart', nexus.seq, nexus.operation);
  return null;
}

const lengthOf = (duration: google.protobuf.IDuration | null | undefined): string =>
  `${Number(duration?.seconds ?? 0)}s ${duration?.nanos ?? 0}ns`;

/** What tells recorded commands of a kind apart. */
const labelOf = ({ kind, name, event }: RecordedItem): string =>
  kind === 'timer' ? lengthOf(event.timerStartedEventAttributes?.startToFireTimeout) : (name ?? '');

function cancelledBy(command: Command): string | null {
  if (command.cancelTimer) return `timer:${command.cancelTimer.seq ?? 0}`;
  return null;
}

/** The events that answer a command, by the id of the command's event; of a local activity its marker. */
function answersByCommand(events: readonly Event[]): Map<number, Event[]> {
  const answers = new Map<number, Event[]>();
  for (const event of events) {
    const to = answeredEventIdOf(event);
    if (to === 0) continue;
    answers.set(to, [...(answers.get(to) ?? []), event]);
  }
  return answers;
}

/** A timer that the code has cancelled is not answered. A Nexus operation is answered by its end alone, a child also by its start. */
function answeredEventIdOf(event: Event): number {
  if (event.markerRecordedEventAttributes) return eventIdOf(event);
  const reference = recordedItemOf(event) ? null : referenceOf(event);
  if (!reference) return 0;
  const { effect, to } = reference.relation;
  const isAnswer = effect === 'end' || to === 'startChildWorkflowExecutionInitiatedEventAttributes';
  return isAnswer ? reference.eventId : 0;
}

function resultOf(event: Event): Payload | null {
  const result =
    event.activityTaskCompletedEventAttributes?.result ??
    event.childWorkflowExecutionCompletedEventAttributes?.result;
  return (
    result?.payloads?.[0] ??
    event.nexusOperationCompletedEventAttributes?.result ??
    event.markerRecordedEventAttributes?.details?.['result']?.payloads?.[0] ??
    null
  );
}

function failureOf(event: Event): Failure | null {
  return (
    event.activityTaskFailedEventAttributes?.failure ??
    event.activityTaskTimedOutEventAttributes?.failure ??
    event.childWorkflowExecutionFailedEventAttributes?.failure ??
    event.nexusOperationFailedEventAttributes?.failure ??
    event.markerRecordedEventAttributes?.failure ??
    null
  );
}

const ended = (event: Event): boolean =>
  resultOf(event) !== null ||
  failureOf(event) !== null ||
  !!(event.activityTaskCompletedEventAttributes ?? event.childWorkflowExecutionCompletedEventAttributes);

/** Code that reads a field of a result, or asks whether there is one, gets by with an empty object. */
const SOMETHING: Payload = {
  metadata: { encoding: Buffer.from('json/plain') },
  data: Buffer.from('{}'),
};

/** The job that answers a command, and what still waits after it (a child that has started). */
function jobFor(item: Waiting, answers: readonly Event[], madeUp: Payload | null): [Job, Waiting?] {
  const { seq } = item;
  const end = answers.find(ended);
  const failure = end ? failureOf(end) : null;
  const result = (end ? resultOf(end) : null) ?? madeUp ?? (item.recorded ? null : SOMETHING);
  const outcome = failure ? { failed: { failure } } : { completed: result ? { result } : {} };
  switch (item.kind) {
    case 'activity':
    case 'localActivity':
      return [{ resolveActivity: { seq, result: outcome, isLocal: item.kind === 'localActivity' } }];
    case 'timer':
      return [{ fireTimer: { seq } }];
    case 'childStart':
      return [
        { resolveChildWorkflowExecutionStart: { seq, succeeded: { runId: 'unknown' } } },
        { ...item, kind: 'child' },
      ];
    case 'child':
      return [{ resolveChildWorkflowExecution: { seq, result: outcome } }];
    case 'nexusStart':
      return [{ resolveNexusOperationStart: { seq, startedSync: true } }, { ...item, kind: 'nexus' }];
    case 'nexus':
      return [
        { resolveNexusOperation: { seq, result: failure ? { failed: failure } : { completed: result } } },
      ];
    case 'externalSignal':
      return [{ resolveSignalExternalWorkflow: { seq } }];
    case 'externalCancel':
      return [{ resolveRequestCancelExternalWorkflow: { seq } }];
  }
}

/** What comes to a workflow from outside. */
function outsideJobOf(event: Event): Job | null {
  const signal = event.workflowExecutionSignaledEventAttributes;
  if (signal) {
    const { signalName, identity, header } = signal;
    return {
      signalWorkflow: {
        signalName,
        identity,
        input: signal.input?.payloads ?? [],
        headers: header?.fields ?? {},
      },
    };
  }
  const cancel = event.workflowExecutionCancelRequestedEventAttributes;
  if (cancel) return { cancelWorkflow: { reason: cancel.cause ?? '' } };
  const update = event.workflowExecutionUpdateAcceptedEventAttributes;
  const request = update?.acceptedRequest;
  if (!update || !request) return null;
  return {
    doUpdate: {
      id: request.meta?.updateId ?? '',
      protocolInstanceId: update.protocolInstanceId ?? '',
      name: request.input?.name ?? '',
      input: request.input?.args?.payloads ?? [],
      headers: request.input?.header?.fields ?? {},
      meta: { updateId: request.meta?.updateId ?? '', identity: request.meta?.identity ?? '' },
      runValidator: false,
    },
  };
}
