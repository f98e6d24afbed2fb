import { type ResultError, resultError } from '../../model/result-error';
import type { Divergence, Drift, ExistingFailure, Verdict } from '../../model/verdict';
import { type Activation, type Alignment, type Mismatch, align } from './align';
import { type Event, KINDS, eventIdOf, eventNameOfKind, recordedItemOf } from '../../temporal/commands';
import { isOwnSource } from '../../source/own-source';
import { parseStackLine } from '../../source/stack-line';
import { type CoreMessage, readCoreMessage } from './core-message';
import { type RunContext, driftOf } from './drift';
import { existingFailure } from './existing-failure';

/** Findings of the replay of one history, from which `judge` derives the verdict. */
export interface Evidence {
  events: readonly Event[];
  activations: readonly Activation[];
  /** The error that the code threw out of a workflow task; null if it threw none. */
  failure: { taskStartedId: number; replaying: boolean; type: string; message: string; stack: string } | null;
  /** Core's message if it refused the history; null if it accepted it. */
  coreError: string | null;
  run: RunContext;
}

export interface Judgement {
  verdict: Extract<Verdict, 'compatible' | 'incompatible' | 'failed' | 'drifted'>;
  verifiedEvents: number;
  divergence?: Divergence;
  drift: Drift[];
  error?: ResultError;
  existing?: ExistingFailure;
}

/** Returns the verdict on a history. Core and the comparison of this package can each find the code incompatible. */
export function judge(evidence: Evidence): Judgement {
  const failure = failureOfCode(evidence);
  const core = evidence.coreError !== null && !failure ? readCoreMessage(evidence.coreError) : null;
  const alignment = align({
    events: evidence.events,
    activations: evidence.activations,
    stoppedBeforeEventId: stoppedBeforeEventId(evidence),
  });
  const { mismatch, pairs, verifiedEvents } = alignment;
  const drift = driftOf(pairs, evidence.run);
  const withExisting = (judgement: Judgement, found: Parameters<typeof existingFailure>[1]): Judgement => {
    const existing = existingFailure(evidence.events, found);
    return { ...judgement, ...(existing && { existing }) };
  };
  const incompatible = (divergence: Divergence): Judgement =>
    withExisting({ verdict: 'incompatible', verifiedEvents, divergence, drift }, { divergence });
  if (mismatch) {
    const divergence = divergenceOf(mismatch, core);
    return incompatible(divergence);
  }
  if (failure) {
    const error = resultError({
      code: 'WORKFLOW_TASK_FAILED',
      errorType: failure.type,
      foreign: failure.message,
      frame: firstOwnFrame(failure.stack),
    });
    return withExisting({ verdict: 'failed', verifiedEvents, drift, error }, { failure });
  }
  if (core) return incompatible(divergenceNamedByCore(core, evidence, alignment));
  return { verdict: drift.length > 0 ? 'drifted' : 'compatible', verifiedEvents, drift };
}

const UNREGISTERED_LOCAL_ACTIVITY = /^Local activity of type '.*' not registered on worker$/;

/**
 * Returns the failure, unless it is about the replay worker and not about the code: that worker has no activities, so the
 * replay of a history that ends while a local activity runs always fails.
 */
function failureOfCode({ failure }: Evidence): Evidence['failure'] {
  if (!failure) return null;
  const isAboutReplayWorker = !failure.replaying && UNREGISTERED_LOCAL_ACTIVITY.test(failure.message);
  return isAboutReplayWorker ? null : failure;
}

/** Returns the id of the first event that core did not reach; Infinity if it reached the end. */
export function stoppedBeforeEventId(evidence: Evidence): number {
  const { events, activations, coreError } = evidence;
  const failure = failureOfCode(evidence);
  if (failure) return failure.taskStartedId > 0 ? failure.taskStartedId + 1 : 0;
  if (coreError === null) return Infinity;
  const last = activations.at(-1)?.taskStartedId ?? 0;
  const next = events.find((event) => event.workflowTaskStartedEventAttributes && eventIdOf(event) > last);
  return next ? eventIdOf(next) : Infinity;
}

function divergenceOf({ eventId, recorded, produced }: Mismatch, core: CoreMessage | null): Divergence {
  return {
    eventId,
    recorded: recorded && { event: eventNameOfKind(recorded.kind), name: recorded.name },
    produced: produced && { command: KINDS[produced.kind].command, name: produced.name },
    location: null,
    coreMessage: core?.text ?? null,
  };
}

/** Returns the divergence of a history that core alone refused, by a rule of its state machines: core names the event. */
function divergenceNamedByCore(
  core: CoreMessage,
  { events, activations }: Evidence,
  alignment: Alignment,
): Divergence {
  const last = activations.at(-1)?.taskStartedId ?? 0;
  const nextCommand = events.find((event) => eventIdOf(event) > last && recordedItemOf(event) !== null);
  const eventId = core.eventId ?? (nextCommand ? eventIdOf(nextCommand) : alignment.verifiedEvents + 1);
  const event = events.find((candidate) => eventIdOf(candidate) === eventId);
  const recorded = event ? recordedItemOf(event) : null;
  return {
    eventId,
    recorded: recorded && { event: eventNameOfKind(recorded.kind), name: recorded.name },
    produced: null,
    location: null,
    coreMessage: core.text,
  };
}

/** Returns the innermost call in the user's own code as a stack frame, `at processOrder (src/workflows.ts:12:3)`. */
function firstOwnFrame(stack: string): string | null {
  const isOwnCall = (line: string): boolean => {
    const call = parseStackLine(line);
    return call !== null && isOwnSource(call.file);
  };
  return stack.split('\n').find(isOwnCall)?.trim() ?? null;
}
