import type { google, temporal } from '@temporalio/proto';
import {
  type ActivationJob,
  type AwaitedKind,
  type SdkActivation,
  answerJob,
  answeredBy,
  deliveryJob,
  patchJob,
  updateDeliveredBy,
} from '../../sdk/activation-jobs';
import {
  type Command,
  type Event,
  type RecordedItem,
  endsRun,
  eventIdOf,
  recordedItemOf,
} from '../../temporal/commands';
import { referenceOf } from '../../temporal/relations';
import type { Activation } from '../verdict/align';

/**
 * Runs the code on where core stops: after its commands differ from the recorded ones, or at the end of an open history. Each command that the code issues is
 * answered as the like command was in the history, or with an empty result if there was none. So an added command can be
 * told from one that replaces another. The diagnosis alone uses it; no verdict depends on it.
 */

type Payload = temporal.api.common.v1.IPayload;
type Failure = temporal.api.failure.v1.IFailure;

export interface WhatIfInput {
  events: readonly Event[];
  /** Recorded commands that nothing matched, in the order of their events; the first one is at the difference. */
  unmatched: readonly RecordedItem[];
  /** Recorded commands that were matched, by kind and number of the produced one (`activity:1`). */
  matched: ReadonlyMap<string, RecordedItem>;
  /** All activations up to the difference, which the last one made. */
  activations: readonly { activation: SdkActivation; commands: readonly Command[] }[];
  /** Runs the code on with an activation; null if the code threw. */
  activate(activation: SdkActivation): Promise<readonly Command[] | null>;
  /** True to answer the recorded commands too that the history leaves open. */
  answersOpen?: boolean;
  /** False to run the code on as a live run, for which `patched()` is true. @default true */
  isReplaying?: boolean;
  /** Returns true for a timer that limits the wait for something else. */
  isTimeout(command: Command): boolean;
}

const MAX_STEPS = 300;

/** Returns the further activations. They end when the workflow ends, when nothing is left to answer, or when the code throws. */
export async function playOn(input: WhatIfInput): Promise<Activation[]> {
  const last = input.activations.at(-1)?.activation;
  if (!last) return [];
  const play = new Play(input, Number(last.historyLength ?? 0));
  const result: Activation[] = [];
  for (let step = 0; step < MAX_STEPS; step++) {
    const jobs = play.nextJobs(step === 0);
    if (jobs === null) break;
    const commands = await input.activate({ ...last, isReplaying: input.isReplaying ?? true, jobs });
    if (commands === null) break;
    play.take(commands);
    result.push({ taskStartedId: Number.MAX_SAFE_INTEGER, replaying: true, commands });
    if (commands.some(endsRun)) break;
  }
  return result;
}

/** A command that waits for its answer. */
interface Waiting {
  kind: AwaitedKind;
  seq: number;
  name: string;
  /** The recorded command that it stands for; null if there is none. */
  recorded: RecordedItem | null;
  /** True if it is answered only when nothing else can happen: otherwise the code would always see a timeout. */
  isLast: boolean;
  /** True if it is answered before its recorded answer is due. */
  isOutOfTurn: boolean;
}

type Asked = Pick<Waiting, 'kind' | 'seq' | 'name'>;

const keyOf = ({ kind, seq }: Pick<Waiting, 'kind' | 'seq'>): string => `${kind}:${seq}`;

/** The kind that waits on after the first of two answers. */
const THEN: Readonly<Partial<Record<AwaitedKind, AwaitedKind>>> = {
  childStart: 'child',
  nexusStart: 'nexus',
};

class Play {
  private readonly waiting = new Map<string, Waiting>();
  private readonly unmatched: RecordedItem[];
  private readonly answers: ReadonlyMap<number, Event[]>;
  private cursor: number;
  private readonly patches: string[];
  /** Updates that were delivered: an update's event comes after the task in which the code got it. */
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
      for (const job of activation.jobs ?? []) this.remember(job);
      this.take(commands);
    }
    // A command that was issued too early is answered at once: its recorded answer may have waited for what came before it.
    for (const item of this.waiting.values())
      if (item.recorded && item.recorded !== due && input.unmatched.includes(item.recorded) && !item.isLast)
        item.isOutOfTurn = true;
  }

  take(commands: readonly Command[]): void {
    for (const command of commands) {
      const cancelled = cancelledBy(command);
      if (cancelled) this.waiting.delete(cancelled);
      const asked = askedBy(command);
      if (!asked) continue;
      const recorded = this.recordedFor(asked);
      const isLast = recorded === null && asked.kind === 'timer' && this.input.isTimeout(command);
      this.waiting.set(keyOf(asked), { ...asked, recorded, isLast, isOutOfTurn: false });
    }
  }

  /** Returns the jobs of the next activation; null if nothing can happen any more. */
  nextJobs(isFirst: boolean): ActivationJob[] | null {
    const patches = isFirst ? this.patches.map(patchJob) : [];
    const next = this.nextJob();
    return next ? [...patches, next] : null;
  }

  private nextJob(): ActivationJob | null {
    const due = [...this.waiting.values()].find((item) => this.isDue(item));
    if (due) return this.answer(due);
    for (; this.cursor < this.input.events.length; this.cursor++) {
      const event = this.input.events[this.cursor]!;
      const delivery = deliveryJob(event);
      if (delivery && !this.updates.has(updateDeliveredBy(delivery) ?? '')) {
        this.cursor++;
        return delivery;
      }
      const answered = [...this.waiting.values()].find(
        (item) => item.recorded && this.answers.get(item.recorded.eventId)?.includes(event),
      );
      if (answered) {
        this.cursor++;
        return this.answer(answered);
      }
    }
    const waiting = [...this.waiting.values()];
    const open = this.input.answersOpen ? waiting.find((item) => item.recorded && !item.isLast) : undefined;
    const last = open ?? waiting.find((item) => item.isLast);
    return last ? this.answer(last) : null;
  }

  /** Made-up answers are due at once, recorded ones when the cursor has passed their event. */
  private isDue({ recorded, isLast, isOutOfTurn }: Waiting): boolean {
    if (isOutOfTurn) return true;
    if (!recorded) return !isLast;
    const at = this.input.events[this.cursor];
    const due = this.answers.get(recorded.eventId)?.[0];
    return due !== undefined && (at === undefined || eventIdOf(due) < eventIdOf(at));
  }

  private answer(item: Waiting): ActivationJob {
    const answers = item.recorded ? (this.answers.get(item.recorded.eventId) ?? []) : [];
    const end = answers.find(isEnd);
    const failure = end ? failureOf(end) : null;
    const result =
      (end ? resultOf(end) : null) ?? this.resultInPlaceOf(item) ?? (item.recorded ? null : EMPTY_RESULT);
    this.advance(item);
    return answerJob(item.kind, item.seq, { failure, result });
  }

  /** Removes a command that was answered, or makes it wait for its second answer. */
  private advance(item: Waiting): void {
    this.waiting.delete(keyOf(item));
    const kind = THEN[item.kind];
    if (kind) this.waiting.set(keyOf({ kind, seq: item.seq }), { ...item, kind });
  }

  /** Returns the recorded result of the command whose place a new command takes: it may be the same under another name. */
  private resultInPlaceOf(item: Waiting): Payload | null {
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

  /** Takes over what core has sent before the difference. */
  private remember(job: ActivationJob): void {
    for (const answered of answeredBy(job)) {
      const item = this.waiting.get(keyOf(answered));
      if (item) this.advance(item);
    }
    const update = updateDeliveredBy(job);
    if (update !== null) this.updates.add(update);
  }
}

/** Returns what a command waits for; null if nothing answers it. */
function askedBy(command: Command): Asked | null {
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

/** Returns what tells recorded commands of a kind apart. */
const labelOf = ({ kind, name, event }: RecordedItem): string =>
  kind === 'timer' ? lengthOf(event.timerStartedEventAttributes?.startToFireTimeout) : (name ?? '');

/** Returns what a command cancels without an answer: a timer. Other commands are answered as cancelled. */
const cancelledBy = ({ cancelTimer }: Command): string | null =>
  cancelTimer ? keyOf({ kind: 'timer', seq: cancelTimer.seq ?? 0 }) : null;

/** Returns the events that answer a command by the id of the command's event; a local activity's marker answers itself. */
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

const isEnd = (event: Event): boolean =>
  resultOf(event) !== null ||
  failureOf(event) !== null ||
  !!(event.activityTaskCompletedEventAttributes ?? event.childWorkflowExecutionCompletedEventAttributes);

/** An empty object: code can read a field of it, or test if there is a result. */
const EMPTY_RESULT: Payload = {
  metadata: { encoding: Buffer.from('json/plain') },
  data: Buffer.from('{}'),
};
