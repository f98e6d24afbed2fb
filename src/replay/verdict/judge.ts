import { type ResultError, resultError } from '../../model/result-error';
import type { Divergence, Drift, ExistingFailure, Verdict } from '../../model/verdict';
import { type Activation, type Alignment, type Mismatch, align } from './align';
import { type Event, KINDS, eventIdOf, eventNameOfKind, recordedItemOf } from '../../temporal/commands';
import type { UndecodedPayload } from '../../model/undecoded-payload';
import { encodingOf } from '../../temporal/payload-value';
import { payloadSlotsOf } from '../../temporal/payload-slots';
import { isOwnSource } from '../../source/own-source';
import { parseStackLine } from '../../source/stack-line';
import { type CoreMessage, readCoreMessage } from './core-message';
import { type RunContext, driftOf } from './drift';
import { existingFailure } from './existing-failure';

/** Findings of the replay of one history, from which `judge` derives the verdict. */
export interface Evidence {
  events: readonly Event[];
  activations: readonly Activation[];
  /** The error that the code threw out of a workflow task, or with which it fails an open run; null if there is none. */
  failure: ThrownError | null;
  /** The error with which core ended the replay; null if it reached the end of the history. */
  coreError: CoreError | null;
  undecoded: {
    /** The first payload that the replay could not decode, with the number of activations before it; null if there is none. */
    inReplay: { payload: UndecodedPayload; afterActivations: number } | null;
    /** Payloads of recorded events that could not be decoded for the comparison, by the id of the event. */
    inEvents: ReadonlyMap<number, UndecodedPayload>;
    /** The encodings that the payload converter of the code decodes; null if they are not known. */
    encodings: readonly string[] | null;
  };
  run: RunContext;
}

/** An error that the code threw. */
export interface ThrownError {
  taskStartedId: number;
  replaying: boolean;
  type: string;
  message: string;
  stack: string;
  /** Set if the error fails the run for good, see `run-failure.ts`. By default it fails the workflow task. */
  failsRun?: true;
}

/** The error with which core ended a replay. */
export interface CoreError {
  /**
   * `commands`: the state machines rejected the commands of the code. `machines`: they reached a state that they do not allow,
   * by the commands or by the history. `task`: the worker could not process a workflow task. `other`: anything else.
   */
  about: 'commands' | 'machines' | 'task' | 'other';
  message: string;
}

export interface Judgement {
  verdict: Extract<Verdict, 'compatible' | 'incompatible' | 'failed' | 'drifted'>;
  verifiedEvents: number;
  divergence?: Divergence;
  drift: Drift[];
  error?: ResultError;
  existing?: ExistingFailure;
  /** Set with the error PAYLOAD_NOT_DECODED. */
  undecoded?: UndecodedPayload;
}

/**
 * Returns the verdict on a history. Core and the comparison of this package can each find the code incompatible. An error that
 * is not about commands says nothing about the code, and neither does anything that follows an undecoded payload.
 */
export function judge(given: Evidence): Judgement {
  const evidence = untilUndecoded(given);
  const { inReplay } = evidence.undecoded;
  const failure = failureOfCode(evidence);
  const alignment = align({
    events: evidence.events,
    activations: evidence.activations,
    stoppedBeforeEventId: stoppedBeforeEventId(evidence),
  });
  const { mismatch, pairs, verifiedEvents } = alignment;
  const { drift, undecoded: uncompared } = comparableDrift(driftOf(pairs, evidence.run), evidence);
  const withExisting = (judgement: Judgement, found: Parameters<typeof existingFailure>[1]): Judgement => {
    const existing = existingFailure(evidence.events, found);
    return { ...judgement, ...(existing && { existing }) };
  };
  const incompatible = (divergence: Divergence): Judgement =>
    withExisting({ verdict: 'incompatible', verifiedEvents, divergence, drift }, { divergence });
  const failed = (error: ResultError): Judgement => ({ verdict: 'failed', verifiedEvents, drift, error });
  const core = coreMessageOf(evidence);
  if (mismatch) return incompatible(divergenceOf(mismatch, core));
  const undecoded = inReplay?.payload ?? unretrieved(evidence) ?? (failure || core ? null : uncompared);
  if (undecoded) return { ...failed(undecodedError(undecoded)), undecoded };
  if (failure) {
    const thrown = {
      errorType: failure.type,
      foreign: failure.message,
      frame: firstOwnFrame(failure.stack),
    };
    // A run that was stuck in the error until now is not stuck any more, but over.
    if (failure.failsRun) return failed(resultError({ code: 'WORKFLOW_FAILED', ...thrown }));
    return withExisting(failed(resultError({ code: 'WORKFLOW_TASK_FAILED', ...thrown })), { failure });
  }
  if (core) {
    const divergence = divergenceNamedByCore(core, evidence, alignment);
    const error = errorNotOfCommands(core, evidence.coreError!.about, divergence);
    return error ? failed(error) : incompatible(divergence);
  }
  return { verdict: drift.length > 0 ? 'drifted' : 'compatible', verifiedEvents, drift };
}

/** Returns the evidence from before the first payload that the replay could not decode. */
function untilUndecoded(evidence: Evidence): Evidence {
  const { inReplay } = evidence.undecoded;
  if (!inReplay) return evidence;
  const activations = evidence.activations.slice(0, inReplay.afterActivations);
  return { ...evidence, activations, failure: null, coreError: { about: 'task', message: '' } };
}

/**
 * Returns a payload that was not retrieved from external storage, if the worker could not process a workflow task: an SDK
 * fails over some references before it asks a driver.
 */
function unretrieved({ failure, coreError, undecoded: { inEvents } }: Evidence): UndecodedPayload | null {
  if (failure || coreError?.about !== 'task') return null;
  return [...inEvents.values()].find(({ step }) => step === 'storage') ?? null;
}

/** Returns core's message, unless the failure of the code explains it. */
const coreMessageOf = (evidence: Evidence): CoreMessage | null =>
  evidence.coreError === null || failureOfCode(evidence) || evidence.undecoded.inReplay
    ? null
    : readCoreMessage(evidence.coreError.message);

/** Returns the drift of events whose payloads are decoded, and the first payload that is not and therefore differs. */
function comparableDrift(
  drift: readonly Drift[],
  { events, undecoded: { inEvents, encodings } }: Evidence,
): { drift: Drift[]; undecoded: UndecodedPayload | null } {
  let undecoded: UndecodedPayload | null = null;
  const byId = new Map<number, UndecodedPayload | null>();
  const comparable = drift.filter(({ eventId, path }) => {
    if (path === 'earlier') return true;
    if (!byId.has(eventId)) {
      const event = events.find((candidate) => eventIdOf(candidate) === eventId);
      byId.set(eventId, inEvents.get(eventId) ?? (event ? unknownEncodingOf(event, encodings) : null));
    }
    undecoded ??= byId.get(eventId) ?? null;
    return !byId.get(eventId);
  });
  return { drift: comparable, undecoded };
}

/** Returns a payload of an event whose encoding the converter of the code does not know. */
function unknownEncodingOf(event: Event, known: readonly string[] | null): UndecodedPayload | null {
  if (known === null) return null;
  const encodings = payloadSlotsOf(event).flatMap(({ payloads }) => payloads.map(encodingOf));
  const unknown = encodings.find((encoding) => !known.includes(encoding));
  if (unknown === undefined) return null;
  // These are the SDK's own words for it.
  return {
    step: 'converter',
    subject: null,
    errorType: 'ValueError',
    message: `Unknown encoding: ${unknown}`,
  };
}

const UNDECODED: Readonly<Record<UndecodedPayload['step'], string>> = {
  storage: 'A payload cannot be decoded: it is not retrieved from external storage:',
  codec: 'A payload cannot be decoded: a payload codec threw:',
  converter: 'A payload cannot be decoded: no converter takes it:',
};

const undecodedError = ({ step, errorType, message }: UndecodedPayload): ResultError =>
  resultError({ code: 'PAYLOAD_NOT_DECODED', own: UNDECODED[step], errorType, foreign: message });

/**
 * Returns the error for a message of core that is not about the commands of the code; null if it is. The state machines also
 * reject commands with an error like that for a damaged history: then they name an event that a command causes.
 */
function errorNotOfCommands(
  { text }: CoreMessage,
  about: CoreError['about'],
  { recorded }: Divergence,
): ResultError | null {
  if (about === 'commands' || (about === 'machines' && recorded !== null)) return null;
  return about === 'machines'
    ? resultError({ code: 'HISTORY_REFUSED', own: 'Core refuses the history:', foreign: text })
    : resultError({
        code: 'REPLAY_FAILED',
        own: 'The SDK could not process a workflow task:',
        foreign: text,
      });
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
