import { type ResultError, resultError } from '../../model/result-error';
import type { Divergence, Drift, Verdict } from '../../model/verdict';
import { type Activation, type Alignment, type Mismatch, align } from './align';
import { type Event, KINDS, eventIdOf, eventNameOfKind, recordedItemOf } from '../../temporal/commands';
import { isOwnSource } from '../../source/own-source';
import { parseStackLine } from '../../source/stack-line';
import { type CoreMessage, readCoreMessage } from './core-message';
import { type RunContext, driftOf } from './drift';

/** What a replay showed of one history; `judge` makes a verdict of it. */
export interface Evidence {
  events: readonly Event[];
  activations: readonly Activation[];
  /** What the code threw out of a workflow task. */
  failure: { taskStartedId: number; replaying: boolean; type: string; message: string; stack: string } | null;
  /** Core's refusal; null where it went through. */
  coreError: string | null;
  run: RunContext;
}

export interface Judgement {
  verdict: Extract<Verdict, 'compatible' | 'incompatible' | 'failed' | 'drifted'>;
  verifiedEvents: number;
  divergence?: Divergence;
  drift: Drift[];
  error?: ResultError;
}

/** Weighs core's answer and our own comparison: either one can find a history incompatible. */
export function judge(evidence: Evidence): Judgement {
  const failure = realFailureOf(evidence);
  const core = evidence.coreError !== null && !failure ? readCoreMessage(evidence.coreError) : null;
  const alignment = align({
    events: evidence.events,
    activations: evidence.activations,
    stoppedBeforeEventId: stoppedBeforeEventId(evidence),
  });
  const { mismatch, pairs, verifiedEvents } = alignment;
  const drift = driftOf(pairs, evidence.run);
  if (mismatch) {
    const divergence = divergenceOf(mismatch, core);
    return { verdict: 'incompatible', verifiedEvents, divergence, drift };
  }
  if (failure) {
    const error = resultError({
      code: 'WORKFLOW_TASK_FAILED',
      errorType: failure.type,
      foreign: failure.message,
      frame: firstOwnFrame(failure.stack),
    });
    return { verdict: 'failed', verifiedEvents, drift, error };
  }
  if (core) {
    return {
      verdict: 'incompatible',
      verifiedEvents,
      divergence: divergenceNamedByCore(core, evidence, alignment),
      drift,
    };
  }
  return { verdict: drift.length > 0 ? 'drifted' : 'compatible', verifiedEvents, drift };
}

const UNREGISTERED_LOCAL_ACTIVITY = /^Local activity of type '.*' not registered on worker$/;

/**
 * A replay worker has no activities, so a history that ends while a local activity runs always ends in this complaint:
 * it says nothing about the code.
 */
function realFailureOf({ failure }: Evidence): Evidence['failure'] {
  if (!failure) return null;
  const isAboutReplayWorker = !failure.replaying && UNREGISTERED_LOCAL_ACTIVITY.test(failure.message);
  return isAboutReplayWorker ? null : failure;
}

/** Id of the first event that was never held against the code, since core stopped before; Infinity where it went through. */
export function stoppedBeforeEventId(evidence: Evidence): number {
  const { events, activations, coreError } = evidence;
  const failure = realFailureOf(evidence);
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

/** Core refused what our comparison let pass (a state machine's rule): then its word says which event. */
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
