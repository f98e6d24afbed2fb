import type { coresdk, temporal } from '@temporalio/proto';
import type { ActivationJob, SdkActivation } from '../../../sdk/activation-jobs';
import type { Command } from '../../../temporal/commands';
import { type AttributesKey, type Event, nameOfAttributes, numberOf } from '../../../temporal/event';
import { CORE_LOCAL_ACTIVITY_MARKER, patchMarkerOf } from '../../../temporal/markers';
import { referenceOf } from '../../../temporal/relations';
import { isChangeVersionUpsert } from '../../../temporal/markers';
import { type DeploymentVersion, deploymentVersionOf } from './deployment-version';
import { initializeJob } from './initialize-job';
import { KnownFlags } from './known-flags';
import { LocalActivityData } from './local-activity-data';
import { localActivityResultOf } from './local-activity-marker';
import { type Long, longOf } from './long';
import { ActivityMachine } from './machines/activity';
import { CancelExternalMachine } from './machines/cancel-external';
import { ChildWorkflowMachine } from './machines/child';
import { LocalActivityMachine } from './machines/local-activity';
import { type CommandType, type Response, type StateMachine, sending } from './machines/machine';
import { NexusOperationMachine } from './machines/nexus';
import { PatchMachine } from './machines/patch';
import { RecordedOnceMachine } from './machines/recorded-once';
import { SignalExternalMachine } from './machines/signal-external';
import { TimerMachine } from './machines/timer';
import { UpdateMachine } from './machines/update';
import { WorkflowTaskMachine } from './machines/workflow-task';
import { orderedJobs } from './ordered-jobs';
import { RecordedHistory } from './recorded-history';
import { seedOf } from './seed';
import { sentCommands } from './sent-commands';
import { type Time, isBefore } from './time';
import { Unsure } from './unsure';
import { type KeyedEvent, isCommandEvent, isFinalEvent } from './workflow-task-sequence';

type TaskCompleted = temporal.api.history.v1.IWorkflowTaskCompletedEventAttributes;
type TaskStarted = temporal.api.history.v1.IWorkflowTaskStartedEventAttributes;
type UpdateRequest = temporal.api.update.v1.IRequest;

interface QueuedCommand {
  command: CommandType;
  machine: StateMachine;
}

/** Size from which on core leaves out the search attribute that lists the patches. */
const MAX_SEARCH_ATTRIBUTE_BYTES = 2048;

/**
 * Core's workflow machines (`workflow_machines.rs`, read at SDK 1.24.0): turns the events of a recorded history into the
 * activations that core sends, and takes the commands with which the code answers them. Where core would end the replay with
 * an error, it throws `Unsure`.
 */
export class WorkflowMachines {
  private readonly history: RecordedHistory;
  private readonly flags = new KnownFlags();
  private readonly localActivities = new LocalActivityData();
  private replaying: boolean;
  private hasSeenEnd = false;
  /** Id of the WorkflowTaskStarted event of the last workflow task. */
  private startedId = 0;
  private nextStartedId = 0;
  private lastEventId = 0;
  private time: Time | null = null;
  private task: TaskStarted = {};
  private deploymentVersion: DeploymentVersion | null = null;
  private jobs: ActivationJob[] = [];

  /** Machines by the id of the event that records their command. */
  private readonly byEventId = new Map<number, StateMachine>();
  /** Machines by kind and number of the command. */
  private readonly byCommand = new Map<string, StateMachine>();
  private readonly updates = new Map<string, UpdateMachine>();
  private commands: QueuedCommand[] = [];
  private newCommands: QueuedCommand[] = [];
  /** Patches whose marker was seen, with true for those for which the code has issued a command. */
  private readonly patches = new Map<string, boolean>();

  constructor(
    events: readonly Event[],
    private readonly run: {
      workflowId: string;
      /** Returns the version of the replay worker, which the code sees once it goes on where the history ends. */
      workerVersion(): DeploymentVersion | null;
    },
  ) {
    this.history = new RecordedHistory(events);
    this.replaying = this.history.previousStartedId > 0;
    const first = this.history.peekTaskCompleted(0);
    if (first?.sdkMetadata) this.flags.add(first.sdkMetadata);
    this.applyNextSequence();
  }

  /** Returns the next activation; null if the replay is over. */
  nextActivation(runId: string): SdkActivation | null {
    if (this.jobs.length === 0) return null;
    const jobs = orderedJobs(this.jobs);
    this.jobs = [];
    if (!this.replaying) this.deploymentVersion = this.run.workerVersion();
    return {
      runId,
      timestamp: this.time,
      isReplaying: this.replaying,
      historyLength: this.lastEventId,
      jobs,
      availableInternalFlags: this.flags.ofLanguage,
      historySizeBytes: sizeOf(this.task),
      continueAsNewSuggested: this.task.suggestContinueAsNew ?? false,
      deploymentVersionForCurrentTask: this.deploymentVersion,
      lastSdkVersion: this.flags.lastSdkVersion,
      suggestContinueAsNewReasons: this.task.suggestContinueAsNewReasons ?? [],
      targetWorkerDeploymentVersionChanged: this.task.targetWorkerDeploymentVersionChanged ?? false,
    };
  }

  /** Takes the commands with which the code answered the last activation, and applies the events that follow. */
  complete(commands: readonly Command[]): void {
    for (const command of sentCommands(commands, this.flags.keepsCommandsAfterEnd(this.replaying)))
      this.takeCommand(command);
    this.resolvePeekedLocalActivities();
    this.prepareCommands();
    while (this.jobs.length === 0) {
      const applied = this.applyNextSequence();
      if (applied === 0 || !this.replaying) return;
    }
  }

  /** Applies the next events (`apply_next_wft_from_history`). Returns their number. */
  private applyNextSequence(): number {
    if (this.hasSeenEnd) {
      this.replaying = false;
      return 0;
    }
    const fromId = this.startedId;
    const taken = this.history.takeSequence(fromId);
    const events = taken?.events.filter(({ id }) => id > this.lastEventId) ?? [];
    this.readTaskCompletions(events);
    const last = events.at(-1);
    if (last === undefined) this.replaying = false;
    else if (last.event.workflowTaskStartedEventAttributes) this.nextStartedId = last.id;
    const admitted = new Map<string, UpdateRequest>();
    for (let i = 0; i < events.length; i++) {
      const keyed = events[i]!;
      if (keyed.id !== this.lastEventId + 1) throw new Unsure('events do not fit', 'ids');
      this.noteEndOfReplay(keyed, taken!.isLast);
      const skipsNext = this.takeEvent(keyed, { next: events[i + 1], isLast: taken!.isLast, admitted });
      this.lastEventId = keyed.id;
      if (!skipsNext) continue;
      i++;
      this.lastEventId = events[i]!.id;
    }
    this.lookAhead(fromId, admitted);
    return events.length;
  }

  /** Reads flags and versions of the workflow tasks that complete among the events, and of the one after them. */
  private readTaskCompletions(events: readonly KeyedEvent[]): void {
    for (const { event } of events)
      if (event.workflowTaskCompletedEventAttributes)
        this.readTaskCompletion(event.workflowTaskCompletedEventAttributes);
    const last = events.at(-1);
    const next = last && this.history.peekTaskCompleted(last.id);
    if (next) this.readTaskCompletion(next);
  }

  private readTaskCompletion(completed: TaskCompleted): void {
    if (completed.sdkMetadata) this.flags.add(completed.sdkMetadata);
    this.deploymentVersion = deploymentVersionOf(completed) ?? this.deploymentVersion;
  }

  /** The replay ends with the first event that the recorded worker had not seen, and that is not its own. */
  private noteEndOfReplay({ id, key }: KeyedEvent, isLast: boolean): void {
    if (
      isLast &&
      id > this.history.previousStartedId &&
      key !== 'workflowTaskCompletedEventAttributes' &&
      !isCommandEvent(key)
    )
      this.replaying = false;
  }

  /** Takes one event (`handle_event`). Returns true if the next one belongs to it. */
  private takeEvent(
    keyed: KeyedEvent,
    {
      next,
      isLast,
      admitted,
    }: { next: KeyedEvent | undefined; isLast: boolean; admitted: Map<string, UpdateRequest> },
  ): boolean {
    const { key, event } = keyed;
    const update = event.workflowExecutionUpdateAdmittedEventAttributes;
    if (update) {
      if (!this.replaying) throw new Unsure('update not finished');
      const request = update.request;
      if (!request?.meta || !request.input) throw new Unsure('events do not fit', 'update without a request');
      admitted.set(request.meta.updateId ?? '', request);
      return false;
    }
    if (isFinalEvent(key)) this.hasSeenEnd = true;
    if (keyed.isIgnored) return false;
    if (event.workflowExecutionTerminatedEventAttributes || event.workflowExecutionTimedOutEventAttributes) {
      if (next !== undefined || !isLast) throw new Unsure('events do not fit', 'event after the end');
      return false;
    }
    if (isCommandEvent(key)) return this.takeCommandEvent(keyed, next);
    if (event.workflowTaskStartedEventAttributes) this.task = event.workflowTaskStartedEventAttributes;
    const reference = referenceOf(event);
    if (reference === null) this.takeOtherEvent(keyed);
    else this.fireEvent(this.machineOfEvent(reference.eventId), keyed);
    return false;
  }

  private machineOfEvent(eventId: number): StateMachine {
    const machine = this.byEventId.get(eventId);
    if (!machine) throw new Unsure('commands do not fit', `nothing began with event ${eventId}`);
    return machine;
  }

  private fireEvent(machine: StateMachine, { key, event }: KeyedEvent): void {
    this.process(machine, machine.fire(nameOfAttributes(key as AttributesKey), event));
  }

  /** Takes an event that belongs to no command (`handle_non_stateful_event`). */
  private takeOtherEvent(keyed: KeyedEvent): void {
    const { event, id } = keyed;
    const started = event.workflowExecutionStartedEventAttributes;
    if (started) {
      if (event.eventTime) this.advanceTime(event.eventTime);
      this.jobs.push(initializeJob(started, event, this.run.workflowId));
      return;
    }
    if (event.workflowTaskScheduledEventAttributes) {
      const machine = new WorkflowTaskMachine(this.nextStartedId);
      this.fireEvent(machine, keyed);
      this.byEventId.set(id, machine);
      return;
    }
    const signal = event.workflowExecutionSignaledEventAttributes;
    if (signal) {
      this.jobs.push({
        signalWorkflow: {
          signalName: signal.signalName ?? '',
          input: signal.input?.payloads ?? [],
          identity: signal.identity ?? '',
          headers: signal.header?.fields ?? {},
          originatingEventId: event.eventId ?? null,
        } as coresdk.workflow_activation.ISignalWorkflow,
      });
      return;
    }
    const cancel = event.workflowExecutionCancelRequestedEventAttributes;
    if (cancel) {
      this.jobs.push({ cancelWorkflow: { reason: cancel.cause ?? '' } });
      return;
    }
    throw new Unsure('unknown event', keyed.key);
  }

  /** Gives the event of a command to the machine of the next one (`handle_command_event`). */
  private takeCommandEvent(keyed: KeyedEvent, next: KeyedEvent | undefined): boolean {
    const { event, id } = keyed;
    const marker = event.markerRecordedEventAttributes;
    if (marker?.markerName === CORE_LOCAL_ACTIVITY_MARKER) {
      const machine = this.machineOf('localActivity', localActivityResultOf(event).seq);
      if (!(machine instanceof LocalActivityMachine) || !machine.isResolved)
        throw new Unsure('commands do not fit', 'marker of a local activity');
      this.fireEvent(machine, keyed);
      return false;
    }
    const patch = patchMarkerOf(event);
    for (;;) {
      const front = this.commands[0]?.machine;
      if (patch) {
        if (!(front instanceof PatchMachine) || front.patchId !== patch.id) {
          if (patch.deprecated) return isChangeVersionUpsert(next?.event);
          throw new Unsure('commands do not fit', 'patch marker');
        }
      } else if (front instanceof PatchMachine) {
        this.commands.shift();
        continue;
      }
      if (front === undefined) throw new Unsure('commands do not fit', `no command for event ${id}`);
      this.commands.shift();
      if (front.cancelledBeforeSent) continue;
      this.fireEvent(front, keyed);
      if (!front.isFinal) this.byEventId.set(id, front);
      return false;
    }
  }

  /** Looks for markers and updates in the next sequence, which the code needs in this activation. */
  private lookAhead(fromId: number, admitted: Map<string, UpdateRequest>): void {
    const delayed: (() => void)[] = [];
    for (const { event } of this.history.peekSequence(fromId)) {
      const patch = patchMarkerOf(event);
      const accepted = event.workflowExecutionUpdateAcceptedEventAttributes;
      if (patch) {
        this.patches.set(patch.id, false);
        this.jobs.push({ notifyHasPatch: { patchId: patch.id } });
      } else if (event.markerRecordedEventAttributes?.markerName === CORE_LOCAL_ACTIVITY_MARKER) {
        delayed.push(() => this.takePeekedMarker(event));
      } else if (accepted) {
        const instanceId = accepted.protocolInstanceId ?? '';
        const request = admitted.get(instanceId) ?? accepted.acceptedRequest;
        admitted.delete(instanceId);
        delayed.push(() => this.deliverUpdate(instanceId, request));
      }
    }
    for (const take of delayed) take();
  }

  private takePeekedMarker(event: Event): void {
    const result = localActivityResultOf(event);
    const machine = this.byCommand.get(`localActivity ${result.seq}`);
    if (machine instanceof LocalActivityMachine && !machine.isWaiting) return;
    this.localActivities.add(result);
    this.resolvePeekedLocalActivities();
  }

  private deliverUpdate(instanceId: string, request: UpdateRequest | null | undefined): void {
    const { meta, input } = request ?? {};
    if (!meta || !input) throw new Unsure('events do not fit', 'update without a request');
    this.updates.set(instanceId, new UpdateMachine());
    this.jobs.push({
      doUpdate: {
        id: meta.updateId ?? '',
        protocolInstanceId: instanceId,
        name: input.name ?? '',
        input: input.args?.payloads ?? [],
        headers: input.header?.fields ?? {},
        meta,
        runValidator: !this.replaying,
      },
    });
  }

  private resolvePeekedLocalActivities(): void {
    for (;;) {
      const seq = this.localActivities.nextSeq;
      const machine = seq === null ? undefined : this.byCommand.get(`localActivity ${seq}`);
      if (seq === null || machine === undefined) return;
      const result = this.localActivities.take(seq)!;
      this.process(machine, (machine as LocalActivityMachine).resolveWith(result));
    }
  }

  /** Takes one command of the code (`handle_driven_results`). */
  private takeCommand(command: Command): void {
    const add = (machine: StateMachine, type: CommandType, kind?: string, seq?: number | null): void => {
      if (kind !== undefined) this.byCommand.set(`${kind} ${seq ?? 0}`, machine);
      this.newCommands.push({ command: type, machine });
    };
    const once = (type: RecordedOnceMachine['command']): void => add(new RecordedOnceMachine(type), type);
    const is = command;
    if (is.startTimer) {
      const { seq } = is.startTimer;
      return add(new TimerMachine(seq ?? 0), 'StartTimer', 'timer', seq);
    }
    if (is.scheduleActivity)
      return add(
        new ActivityMachine(is.scheduleActivity),
        'ScheduleActivityTask',
        'activity',
        is.scheduleActivity.seq,
      );
    if (is.scheduleLocalActivity) {
      const { seq } = is.scheduleLocalActivity;
      if (!this.replaying) throw new Unsure('local activity not finished');
      this.byCommand.set(`localActivity ${seq ?? 0}`, new LocalActivityMachine(is.scheduleLocalActivity));
      return;
    }
    if (is.startChildWorkflowExecution) {
      const child = is.startChildWorkflowExecution;
      return add(new ChildWorkflowMachine(child), 'StartChildWorkflowExecution', 'child', child.seq);
    }
    if (is.scheduleNexusOperation) {
      const operation = is.scheduleNexusOperation;
      return add(new NexusOperationMachine(operation), 'ScheduleNexusOperation', 'nexus', operation.seq);
    }
    if (is.signalExternalWorkflowExecution) {
      const signal = is.signalExternalWorkflowExecution;
      if (!signal.workflowExecution && signal.childWorkflowId == null)
        throw new Unsure('commands do not fit', 'signal without a target');
      const machine = new SignalExternalMachine(signal.seq ?? 0);
      return add(machine, 'SignalExternalWorkflowExecution', 'signal', signal.seq);
    }
    if (is.requestCancelExternalWorkflowExecution) {
      const { seq, workflowExecution } = is.requestCancelExternalWorkflowExecution;
      if (!workflowExecution) throw new Unsure('commands do not fit', 'cancellation without a target');
      const machine = new CancelExternalMachine(seq ?? 0);
      return add(machine, 'RequestCancelExternalWorkflowExecution', 'cancelExternal', seq);
    }
    if (is.setPatchMarker) return this.takePatch(is.setPatchMarker.patchId ?? '');
    if (is.upsertWorkflowSearchAttributes) return once('UpsertWorkflowSearchAttributes');
    if (is.modifyWorkflowProperties) return once('ModifyWorkflowProperties');
    if (is.completeWorkflowExecution) return once('CompleteWorkflowExecution');
    if (is.failWorkflowExecution) return once('FailWorkflowExecution');
    if (is.cancelWorkflowExecution) return once('CancelWorkflowExecution');
    if (is.continueAsNewWorkflowExecution) return once('ContinueAsNewWorkflowExecution');
    if (is.updateResponse) {
      const machine = this.updates.get(is.updateResponse.protocolInstanceId ?? '');
      if (!machine) throw new Unsure('commands do not fit', 'answer to no update');
      return this.process(machine, machine.answer(is.updateResponse));
    }
    this.takeCancellation(command);
  }

  private takeCancellation(is: Command): void {
    const cancel = (kind: string, seq: number | null | undefined): void => {
      const machine = this.machineOf(kind, seq) as TimerMachine;
      this.process(machine, machine.cancel());
    };
    if (is.cancelTimer) return cancel('timer', is.cancelTimer.seq);
    if (is.requestCancelActivity) return cancel('activity', is.requestCancelActivity.seq);
    if (is.requestCancelLocalActivity) return cancel('localActivity', is.requestCancelLocalActivity.seq);
    if (is.requestCancelNexusOperation) return cancel('nexus', is.requestCancelNexusOperation.seq);
    if (is.cancelSignalWorkflow) return cancel('signal', is.cancelSignalWorkflow.seq);
    if (is.cancelChildWorkflowExecution) {
      const { childWorkflowSeq, reason } = is.cancelChildWorkflowExecution;
      const machine = this.machineOf('child', childWorkflowSeq) as ChildWorkflowMachine;
      return this.process(machine, machine.cancel(reason ?? ''));
    }
    throw new Unsure('unknown command', Object.keys(is).join(', '));
  }

  private takePatch(patchId: string): void {
    const isSeen = this.patches.has(patchId);
    if (this.patches.get(patchId) === true) return;
    this.newCommands.push({ command: 'RecordMarker', machine: new PatchMachine(patchId) });
    const isOld = this.replaying && !isSeen;
    if (!isOld && this.flags.upsertsOnPatch(this.replaying) && this.fitsSearchAttribute(patchId))
      this.newCommands.push({
        command: 'UpsertWorkflowSearchAttributes',
        machine: new RecordedOnceMachine('UpsertWorkflowSearchAttributes'),
      });
    this.patches.set(patchId, true);
  }

  private fitsSearchAttribute(patchId: string): boolean {
    const issued = [...this.patches].filter(([, isIssued]) => isIssued).map(([id]) => id);
    const text = JSON.stringify([...new Set([...issued, patchId])]);
    return Buffer.byteLength(text) < MAX_SEARCH_ATTRIBUTE_BYTES;
  }

  private machineOf(kind: string, seq: number | null | undefined): StateMachine {
    const machine = this.byCommand.get(`${kind} ${seq ?? 0}`);
    if (!machine) throw new Unsure('commands do not fit', `no ${kind} ${seq}`);
    return machine;
  }

  /** Moves the new commands to those that are sent (`prepare_commands`). */
  private prepareCommands(): void {
    this.commands = this.commands.filter(({ machine }) => !machine.cancelledBeforeSent);
    // A machine may issue a further command when one is sent.
    for (let next = this.newCommands.shift(); next; next = this.newCommands.shift()) {
      if (next.machine.cancelledBeforeSent) continue;
      this.process(next.machine, next.machine.fire(sending(next.command)));
      this.commands.push(next);
    }
  }

  private process(machine: StateMachine, responses: readonly Response[]): void {
    for (const response of responses) {
      switch (response.kind) {
        case 'job':
          if (!this.coreMachines.has(machine)) this.jobs.push(response.job);
          break;
        case 'command':
          this.newCommands.push({ command: response.command, machine });
          break;
        case 'coreMachine':
          this.coreMachines.add(response.machine);
          this.newCommands.push({ command: response.command, machine: response.machine });
          break;
        case 'taskStarted':
          this.startTask(response.eventId, response.time);
          break;
        case 'reset':
          this.jobs.push({ updateRandomSeed: { randomnessSeed: longOf(seedOf(response.runId)) } });
          break;
        case 'cancelLocalActivity':
          this.cancelLocalActivity(machine as LocalActivityMachine);
          break;
        case 'time':
          this.advanceTime(response.time);
      }
    }
  }

  /** Machines that core has made by itself. */
  private readonly coreMachines = new WeakSet<StateMachine>();

  private startTask(eventId: number, time: Time): void {
    this.startedId = eventId;
    this.advanceTime(time);
    if (this.replaying) return;
    for (const machine of this.byCommand.values())
      if (machine instanceof LocalActivityMachine && machine.isWaiting)
        throw new Unsure('local activity not finished');
  }

  private cancelLocalActivity(machine: LocalActivityMachine): void {
    const result = this.localActivities.take(machine.command.seq ?? 0);
    if (result) this.process(machine, machine.resolveWith(result));
  }

  private advanceTime(time: Time): void {
    if (this.time === null || isBefore(this.time, time)) this.time = time;
  }
}

/** Returns the size of the history that a workflow task saw. Core takes a negative one for none. */
function sizeOf({ historySizeBytes }: TaskStarted): Long {
  const size = numberOf(historySizeBytes);
  return longOf({ low: size >= 0 ? size % 2 ** 32 : 0, high: size >= 0 ? Math.floor(size / 2 ** 32) : 0 });
}
