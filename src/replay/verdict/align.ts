import { isChangeVersionUpsert } from '../../temporal/markers';
import {
  type Command,
  type CommandKind,
  type Event,
  type ProducedItem,
  type RecordedItem,
  endsRun,
  eventIdOf,
  localActivitySeqOf,
  patchMarkerOf,
  producedSummaryOf,
  recordedItemOf,
} from '../../temporal/commands';
import { numberOf } from '../../temporal/event';
import { endedEventIdOf } from '../../temporal/relations';

/**
 * Matches the commands of the code with the recorded events, by core's own rules (temporalio sdk-core,
 * `workflow_machines.rs`, read at SDK 1.24.0). `test/replay/verdict/align.test.ts` has a test for each rule, and
 * `test/edits/edits.test.ts` holds them together:
 *
 * - Commands wait in one queue, and each command event takes the next one. A command may come in an earlier workflow task
 *   than recorded, not in a later one.
 * - A command that ends the workflow goes last.
 * - A command that is cancelled before it is sent is removed, together with its cancellation. Later, the cancellation is a
 *   command of its own; that of a child is recorded as the cancellation of an external workflow.
 * - A patch marker takes the upsert that follows it. It may stand without its call if it is deprecated, and a call may stand
 *   without its marker.
 * - A local activity is matched when its marker comes, by its number.
 * - An update has a command for its acceptance and one for its answer; a rejected one has none.
 */

/** An activation of the workflow code, and the commands with which the code answered. */
export interface Activation {
  /** Id of the WorkflowTaskStarted event of its workflow task. */
  taskStartedId: number;
  replaying: boolean;
  commands: readonly Command[];
}

export interface Pair {
  recorded: RecordedItem;
  produced: ProducedItem;
  /** Set if the code issued the command in an earlier workflow task than recorded: the WorkflowTaskCompleted ids of both. */
  earlier: { recordedTask: number; producedTask: number } | null;
}

export interface Mismatch {
  eventId: number;
  recorded: RecordedItem | null;
  produced: ProducedItem | null;
}

export interface Alignment {
  pairs: Pair[];
  mismatch: Mismatch | null;
  /** Id of the last recorded event that was compared with the code's commands and matched; 0 for none. */
  verifiedEvents: number;
  /** Items recorded from the mismatch on, and items produced that match nothing; both are empty without a mismatch. */
  rest: { recorded: RecordedItem[]; produced: ProducedItem[] };
}

export interface AlignInput {
  events: readonly Event[];
  activations: readonly Activation[];
  /** Id of the first event that core did not reach, so that it is not compared; Infinity if core reached the end. */
  stoppedBeforeEventId: number;
  /** Activations after the mismatch, with made-up answers (`replay/trace/what-if.ts`); they count for `rest` alone. */
  whatIf?: readonly Activation[];
}

/** Core flag 3: commands after the one that ends the workflow are kept, and that one goes last. */
const MOVE_TERMINAL_COMMANDS = 3;
/** `ABANDON` in coresdk's enums of cancellation types. */
const ACTIVITY_ABANDON = 2;
const CHILD_ABANDON = 0;
const NEXUS_ABANDON = 1;

interface Task {
  startedId: number;
  completedId: number;
  /** Equal for consecutive tasks that are heartbeats of a local activity: core runs them as one task. */
  group: number;
}

function tasksOf(events: readonly Event[]): Task[] {
  const tasks: Task[] = [];
  for (const event of events) {
    const attributes = event.workflowTaskCompletedEventAttributes;
    if (!attributes) continue;
    tasks.push({
      startedId: numberOf(attributes.startedEventId),
      completedId: eventIdOf(event),
      group: tasks.length,
    });
  }
  for (let i = tasks.length - 2; i >= 0; i--) {
    const [task, next] = [tasks[i]!, tasks[i + 1]!];
    const isHeartbeat = next.startedId === task.completedId + 2;
    if (isHeartbeat) task.group = next.group;
  }
  return tasks;
}

function firstTaskWithFlag(events: readonly Event[], flag: number): number {
  for (const event of events) {
    const flags = event.workflowTaskCompletedEventAttributes?.sdkMetadata?.coreUsedFlags;
    if (flags?.includes(flag)) return numberOf(event.workflowTaskCompletedEventAttributes?.startedEventId);
  }
  return Infinity;
}

interface Tracked extends ProducedItem {
  /** Id of its event; 0 until it is matched, -1 if it counts as sent without an event. */
  matchedAt: number;
  withdrawn: boolean;
  closed: boolean;
  cancelRequested: boolean;
}

const sameIdentity = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean =>
  Object.keys(a).every((key) => a[key] === b[key]);

/** Compares the commands of the activations with the recorded events, up to the first mismatch. */
export function align({ events, activations, stoppedBeforeEventId, whatIf = [] }: AlignInput): Alignment {
  return new Aligner(events, activations, stoppedBeforeEventId, whatIf).run();
}

class Aligner {
  private readonly tasks: Task[];
  private readonly taskByStartedId: Map<number, Task>;
  private readonly terminalMovedFrom: number;
  private readonly ranGroups = new Set<number>();
  private readonly pairs: Pair[] = [];
  private queue: Tracked[] = [];
  private readonly bySeq = new Map<string, Tracked>();
  private readonly byEventId = new Map<number, Tracked>();
  private readonly updateByAcceptedEvent = new Map<number, string>();
  private readonly acceptedUpdates = new Map<string, string | null>();
  private cursor = 0;
  private order = 0;
  private taskIndex = -1;
  private verified = 0;
  private mismatch: Mismatch | null = null;

  constructor(
    private readonly events: readonly Event[],
    private readonly activations: readonly Activation[],
    private readonly stoppedBeforeEventId: number,
    private readonly whatIf: readonly Activation[],
  ) {
    this.tasks = tasksOf(events);
    this.taskByStartedId = new Map(this.tasks.map((task) => [task.startedId, task]));
    this.terminalMovedFrom = firstTaskWithFlag(events, MOVE_TERMINAL_COMMANDS);
  }

  run(): Alignment {
    for (const activation of this.activations) {
      this.takeEvents(Math.min(activation.taskStartedId, this.stoppedBeforeEventId));
      if (this.mismatch) break;
      const task = this.taskByStartedId.get(activation.taskStartedId);
      if (task) this.ranGroups.add(task.group);
      this.takeCommands(activation);
    }
    if (!this.mismatch) this.takeEvents(this.stoppedBeforeEventId);
    if (!this.mismatch && this.cursor >= this.events.length) this.findCommandTooMany();
    const rest = this.mismatch || this.whatIf.length > 0 ? this.rest() : { recorded: [], produced: [] };
    return { pairs: this.pairs, mismatch: this.mismatch, verifiedEvents: this.verified, rest };
  }

  private rest(): Alignment['rest'] {
    const recorded = this.restOfRecorded();
    for (const activation of this.whatIf) {
      this.assumeSent();
      this.takeCommands(activation);
    }
    const waiting = [...this.bySeq.values()].filter(
      (item) => item.kind === 'localActivity' && item.matchedAt <= 0,
    );
    const produced = [...this.queue.filter((item) => !item.withdrawn), ...waiting].sort(
      (a, b) => a.order - b.order,
    );
    const recordedPatches = new Set(recorded.map((item) => item.identity['patchId']));
    // Core passes over a patch call whose marker is not recorded.
    return {
      recorded,
      produced: produced.filter(
        (item) => item.kind !== 'patch' || recordedPatches.has(item.identity['patchId']),
      ),
    };
  }

  private restOfRecorded(): RecordedItem[] {
    return this.events.slice(this.cursor).flatMap((event) => {
      if (isChangeVersionUpsert(event) || patchMarkerOf(event)?.deprecated) return [];
      const item = recordedItemOf(event);
      if (!item || this.byEventId.has(item.eventId)) return [];
      return [item.kind === 'updateCompleted' ? this.withInstanceId(item) : item];
    });
  }

  /** Marks all commands so far as sent, so that the cancellation of one is a command of its own. */
  private assumeSent(): void {
    for (const item of this.bySeq.values()) if (item.matchedAt === 0 && !item.withdrawn) item.matchedAt = -1;
    for (const item of this.queue) if (item.matchedAt === 0) item.matchedAt = -1;
  }

  private takeCommands(activation: Activation): void {
    for (const command of this.inSendingOrder(activation))
      this.takeCommand(command, activation.taskStartedId);
  }

  private inSendingOrder({ commands, replaying, taskStartedId }: Activation): readonly Command[] {
    const first = commands.findIndex((command) => endsRun(command));
    if (first === -1 || first === commands.length - 1) return commands;
    const keepsLater = !replaying || taskStartedId >= this.terminalMovedFrom;
    if (!keepsLater) return commands.slice(0, first + 1);
    return [...commands.filter((command) => !endsRun(command)), commands[first]!];
  }

  private takeCommand(command: Command, taskStartedId: number): void {
    if (command.cancelTimer)
      return this.cancel('timer', command.cancelTimer.seq, 'timerCancel', command, taskStartedId);
    if (command.requestCancelActivity)
      return this.cancel(
        'activity',
        command.requestCancelActivity.seq,
        'activityCancel',
        command,
        taskStartedId,
      );
    if (command.cancelChildWorkflowExecution) {
      const seq = command.cancelChildWorkflowExecution.childWorkflowSeq;
      return this.cancel('child', seq, 'externalCancel', command, taskStartedId);
    }
    if (command.requestCancelNexusOperation)
      return this.cancel(
        'nexus',
        command.requestCancelNexusOperation.seq,
        'nexusCancel',
        command,
        taskStartedId,
      );
    if (command.cancelSignalWorkflow) {
      const signal = this.bySeq.get(`externalSignal:${command.cancelSignalWorkflow.seq ?? 0}`);
      if (signal && signal.matchedAt === 0) signal.withdrawn = true;
      return;
    }
    if (command.updateResponse) return this.takeUpdateResponse(command, taskStartedId);
    const summary = producedSummaryOf(command);
    if (summary) this.enqueue({ ...summary, command }, taskStartedId);
  }

  private enqueue(item: Omit<ProducedItem, 'taskStartedId' | 'order'>, taskStartedId: number): void {
    const tracked: Tracked = {
      ...item,
      taskStartedId,
      order: this.order++,
      matchedAt: 0,
      withdrawn: false,
      closed: false,
      cancelRequested: false,
    };
    if (item.seq !== -1) this.bySeq.set(`${item.kind}:${item.seq}`, tracked);
    if (item.kind !== 'localActivity') this.queue.push(tracked);
  }

  private cancel(
    target: CommandKind,
    seq: number | null | undefined,
    kind: CommandKind,
    command: Command,
    taskStartedId: number,
  ): void {
    const item = this.bySeq.get(`${target}:${seq ?? 0}`);
    if (!item || item.closed || item.cancelRequested) return;
    item.cancelRequested = true;
    if (item.matchedAt === 0) {
      item.withdrawn = true;
      return;
    }
    if (isAbandoned(item)) return;
    const name = target === 'child' ? (item.identity['workflowId'] ?? null) : item.name;
    this.enqueue({ kind, command, name, identity: cancelledIdentity(item), seq: -1 }, taskStartedId);
  }

  private takeUpdateResponse(command: Command, taskStartedId: number): void {
    const { protocolInstanceId, accepted } = command.updateResponse!;
    const id = protocolInstanceId ?? '';
    const item = { command, name: id, identity: { protocolInstanceId: id }, seq: -1 };
    if (accepted) {
      this.acceptedUpdates.set(id, null);
      this.enqueue({ ...item, kind: 'updateAccepted' }, taskStartedId);
    } else if (this.acceptedUpdates.has(id)) {
      this.enqueue({ ...item, kind: 'updateCompleted' }, taskStartedId);
    }
    // An update that its validator rejected leaves nothing in the history.
  }

  /** Takes all events below `endId`, up to the first mismatch. */
  private takeEvents(endId: number): void {
    for (; this.cursor < this.events.length; this.cursor++) {
      const event = this.events[this.cursor]!;
      if (eventIdOf(event) >= endId) return;
      this.takeEvent(event);
      if (this.mismatch) return;
    }
  }

  private takeEvent(event: Event): void {
    if (event.workflowTaskCompletedEventAttributes) {
      this.taskIndex++;
      if (this.ranGroups.has(this.tasks[this.taskIndex]!.group)) this.verified = eventIdOf(event);
      return;
    }
    const recorded = recordedItemOf(event);
    if (recorded) return this.takeRecorded(recorded);
    const closed = this.byEventId.get(endedEventIdOf(event));
    if (closed) closed.closed = true;
  }

  private takeRecorded(recorded: RecordedItem): void {
    if (recorded.kind === 'localActivity') return this.takeLocalActivityMarker(recorded);
    if (recorded.kind === 'updateAccepted')
      this.updateByAcceptedEvent.set(recorded.eventId, recorded.identity['protocolInstanceId'] ?? '');
    const item = recorded.kind === 'updateCompleted' ? this.withInstanceId(recorded) : recorded;
    for (;;) {
      const front = this.front();
      if (item.kind === 'patch' && this.skipsDeprecatedMarker(item, front)) return;
      if (front?.kind === 'patch' && item.kind !== 'patch') {
        this.queue.shift();
        continue;
      }
      if (front?.kind !== item.kind || !sameIdentity(item.identity, front.identity)) {
        this.differ(item, front ?? this.unresolvedLocalActivity());
        return;
      }
      this.queue.shift();
      this.match(item, front);
      if (item.kind === 'patch') this.skipChangeVersionUpsert();
      return;
    }
  }

  private withInstanceId(recorded: RecordedItem): RecordedItem {
    const acceptedId = Number(
      recorded.event.workflowExecutionUpdateCompletedEventAttributes?.acceptedEventId ?? 0,
    );
    const protocolInstanceId = this.updateByAcceptedEvent.get(acceptedId);
    return protocolInstanceId === undefined ? recorded : { ...recorded, identity: { protocolInstanceId } };
  }

  private front(): Tracked | null {
    while (this.queue[0]?.withdrawn) this.queue.shift();
    return this.queue[0] ?? null;
  }

  /** Passes over a deprecated marker without its call, and over the upsert after it. Returns false for another marker. */
  private skipsDeprecatedMarker(item: RecordedItem, front: Tracked | null): boolean {
    if (!patchMarkerOf(item.event)?.deprecated) return false;
    if (front?.kind === 'patch' && sameIdentity(item.identity, front.identity)) return false;
    this.skipChangeVersionUpsert();
    return true;
  }

  private skipChangeVersionUpsert(): void {
    if (isChangeVersionUpsert(this.events[this.cursor + 1])) this.cursor++;
  }

  private takeLocalActivityMarker(recorded: RecordedItem): void {
    const item = this.bySeq.get(`localActivity:${localActivitySeqOf(recorded.event)}`);
    if (!item || !sameIdentity(recorded.identity, item.identity)) {
      this.differ(recorded, item ?? this.front());
      return;
    }
    this.match(recorded, item);
  }

  private unresolvedLocalActivity(): Tracked | null {
    for (const item of this.bySeq.values())
      if (item.kind === 'localActivity' && item.matchedAt === 0) return item;
    return null;
  }

  private match(recorded: RecordedItem, item: Tracked): void {
    item.matchedAt = recorded.eventId;
    this.byEventId.set(recorded.eventId, item);
    this.verified = Math.max(this.verified, recorded.eventId);
    this.pairs.push({ recorded, produced: item, earlier: this.earlierThanRecorded(item) });
  }

  private earlierThanRecorded(item: Tracked): Pair['earlier'] {
    if (item.kind === 'localActivity') return null;
    const recordedIn = this.tasks[this.taskIndex];
    const producedIn = this.taskByStartedId.get(item.taskStartedId);
    if (!recordedIn || !producedIn || producedIn.group >= recordedIn.group) return null;
    return { recordedTask: recordedIn.completedId, producedTask: producedIn.completedId };
  }

  private differ(recorded: RecordedItem, produced: Tracked | null): void {
    this.mismatch = { eventId: recorded.eventId, recorded, produced };
  }

  private findCommandTooMany(): void {
    const extra = this.queue.find(
      (item) => !item.withdrawn && item.kind !== 'patch' && this.taskByStartedId.has(item.taskStartedId),
    );
    if (!extra) return;
    const completedId = this.taskByStartedId.get(extra.taskStartedId)!.completedId;
    this.mismatch = { eventId: completedId, recorded: null, produced: extra };
    this.verified = Math.min(this.verified, completedId - 1);
  }
}

/** Returns the fields by which a recorded cancellation names its target. */
function cancelledIdentity(item: Tracked): Record<string, string> {
  if (item.kind === 'timer') return { timerId: item.identity['timerId'] ?? '' };
  if (item.kind === 'activity') return { scheduledEventId: String(item.matchedAt) };
  return {};
}

function isAbandoned({ kind, command }: ProducedItem): boolean {
  if (kind === 'activity') return command.scheduleActivity?.cancellationType === ACTIVITY_ABANDON;
  if (kind === 'child') return (command.startChildWorkflowExecution?.cancellationType ?? 0) === CHILD_ABANDON;
  if (kind === 'nexus') return command.scheduleNexusOperation?.cancellationType === NEXUS_ABANDON;
  return false;
}
