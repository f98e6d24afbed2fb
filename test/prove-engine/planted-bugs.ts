/** A bug of the screen that the proof has to find. */
export interface PlantedBug {
  name: string;
  /** The part of the proof that finds it. */
  part: 'activations' | 'histories' | 'refusals';
  /** Below `src/replay/engine/screen`. */
  file: string;
  /** Text of the file that the bug replaces. It stands there once. */
  before: string;
  after: string;
}

const bug = (
  name: string,
  part: PlantedBug['part'],
  file: string,
  before: string,
  after: string,
): PlantedBug => ({
  ...{ name, part, file },
  ...{ before, after },
});

/** The line with which the screen leaves what is not compatible to core. */
const LEAVES =
  "if (judgement.verdict !== 'compatible') throw new Unsure('not compatible', '', sharedChange);";

/** A bug by which the screen passes over differences with recorded events of one kind: a mismatch, or drift. */
const passesOver = (name: string, kind: string): PlantedBug =>
  bug(
    name,
    'histories',
    'screen-engine.ts',
    LEAVES,
    `const { divergence, drift } = judgement;
    const ids = [...(divergence ? [divergence.eventId] : []), ...drift.map(({ eventId }) => eventId)];
    const isPassed = ids.length > 0 && ids.every((id) => prepared.events[id - 1]?.${kind}EventAttributes);
    if (isPassed) return { judgement: { ...judgement, verdict: 'compatible' } };
    ${LEAVES}`,
  );

/** Each of them lets the screen say compatible where core does not, or makes an activation that core does not send. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  bug(
    'the verdict of the comparison is dropped',
    'histories',
    'screen-engine.ts',
    LEAVES,
    "if (judgement.verdict !== 'compatible') return { judgement: { ...judgement, verdict: 'compatible' } };",
  ),
  bug(
    'an activity that failed counts as completed',
    'activations',
    'machines/activity.ts',
    '    ActivityTaskFailed: failed,',
    '    ActivityTaskFailed: completed,',
  ),
  bug(
    'jobs come in the order of the events',
    'activations',
    'ordered-jobs.ts',
    'const orders = jobs.map(orderOf);',
    'const orders = jobs.map(() => 0);',
  ),
  bug(
    'flags of the language are not passed on',
    'activations',
    'known-flags.ts',
    'return [...this.lang];',
    'return [];',
  ),
  bug(
    'an update is run with its validator on replay',
    'activations',
    'workflow-machines.ts',
    'runValidator: !this.replaying,',
    'runValidator: true,',
  ),
  bug(
    'the timer id of TimerFired is not compared',
    'refusals',
    'machines/timer.ts',
    "if (fired?.timerId !== String(machine.seq)) throw new Unsure('commands do not fit', 'timer id');",
    'void fired;',
  ),
  bug(
    'the late failure of an abandoned activity is passed over',
    'refusals',
    'machines/activity.ts',
    '    ActivityTaskCompleted: afterAbandon,',
    '    ActivityTaskCompleted: afterAbandon, ActivityTaskFailed: afterAbandon,',
  ),
  bug(
    'the late end of an abandoned Nexus operation is passed over',
    'refusals',
    'machines/nexus.ts',
    "if (machine.cancellationType === ABANDON) throw new Unsure('commands do not fit', 'end of an operation');",
    'void machine;',
  ),
  bug(
    'the late result of a cancelled activity is delivered',
    'refusals',
    'machines/activity.ts',
    'if (machine.cancellationType === TRY_CANCEL) return next;',
    'void next;',
  ),
  bug(
    'the late cancellation of a cancelled child is delivered',
    'refusals',
    'machines/child.ts',
    "      machine.hasSeenCancelled = true;\n      return 'Cancelled';\n    },\n    ChildWorkflowExecutionCompleted: endedAfterCancel",
    "      machine.resolveCancelled();\n      return 'Cancelled';\n    },\n    ChildWorkflowExecutionCompleted: endedAfterCancel",
  ),
  bug(
    'events without a machine are passed over',
    'histories',
    'workflow-machines.ts',
    'else this.fireEvent(this.machineOfEvent(reference.eventId), keyed);',
    'else if (this.byEventId.has(reference.eventId)) this.fireEvent(this.machineOfEvent(reference.eventId), keyed);',
  ),
  bug(
    'the marker of a live patch may stand without its call',
    'refusals',
    'workflow-machines.ts',
    'if (patch.deprecated) return',
    'if (patch.id) return',
  ),
  bug(
    'a patch is never followed by an upsert',
    'histories',
    'known-flags.ts',
    'return !replaying || this.core.has(UPSERT_SEARCH_ATTRIBUTE_ON_PATCH);',
    'return !replaying;',
  ),
  bug(
    'a marker of a local activity may stand without its call',
    'refusals',
    'workflow-machines.ts',
    "      const machine = this.machineOf('localActivity', localActivityResultOf(event).seq);",
    '      const machine = this.byCommand.get(`localActivity ${localActivityResultOf(event).seq}`);\n      if (!machine) return false;',
  ),
  bug(
    'the activity id in the marker of a local activity is not compared',
    'refusals',
    'machines/local-activity.ts',
    "if (activityId !== (machine.command.activityId ?? ''))",
    "if (activityId === '')",
  ),
  bug(
    'the id of an activity is not compared',
    'refusals',
    'machines/activity.ts',
    "if ((recorded?.activityId ?? '') !== (activityId ?? ''))",
    "if (activityId === '')",
  ),
  bug(
    'the id of a child is not compared',
    'refusals',
    'machines/child.ts',
    "if ((recorded?.workflowId ?? '') !== (workflowId ?? ''))",
    "if (workflowId === '')",
  ),
  bug(
    'updates are accepted in the reverse order',
    'activations',
    'workflow-machines.ts',
    'for (const take of delayed) take();',
    'for (const take of delayed.reverse()) take();',
  ),
  bug(
    'a workflow task that timed out counts',
    'refusals',
    'workflow-task-sequence.ts',
    "  'workflowTaskTimedOutEventAttributes',\n  'workflowExecutionTimedOutEventAttributes',\n  'workflowExecutionTerminatedEventAttributes',\n  'workflowExecutionCanceledEventAttributes',\n] as const",
    "  'workflowExecutionTimedOutEventAttributes',\n  'workflowExecutionTerminatedEventAttributes',\n  'workflowExecutionCanceledEventAttributes',\n] as const",
  ),
  bug(
    'the reason for which retries ended is lost',
    'activations',
    'machines/retry-state.ts',
    'state != null && state >= 0 && state <= HIGHEST ? state : 0',
    'state != null && state > HIGHEST ? state : 0',
  ),
  passesOver('the fields of continue-as-new are not compared', 'workflowExecutionContinuedAsNew'),
  passesOver('search attributes are not compared', 'upsertWorkflowSearchAttributes'),
  passesOver('the signal to another workflow is not compared', 'signalExternalWorkflowExecutionInitiated'),
  passesOver(
    'the cancellation of another workflow is not compared',
    'requestCancelExternalWorkflowExecutionInitiated',
  ),
  passesOver('the memo is not compared', 'workflowPropertiesModified'),
];
