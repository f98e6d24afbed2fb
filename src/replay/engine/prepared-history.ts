import type { UndecodedPayload } from '../../model/undecoded-payload';
import type { History } from '../../temporal/event';
import type { Evidence } from '../verdict/judge';
import { type DecodedEvents, decodedEvents } from './decoded-events';
import type { PayloadSteps } from './payload-steps';
import type { ReplayRequest } from './replay-engine';
import { retrievedEvents } from './retrieved-events';

/** A history as it is replayed, and its recorded side, with which the commands of each replay are compared. */
export interface PreparedHistory extends DecodedEvents, Pick<Evidence, 'run'> {
  input: {
    history: History;
    workflowId: string;
    /** Fields of `workflowInfo()` that core does not have on replay. */
    identity: { taskQueue: string; namespace: string };
  };
}

/**
 * Prepares a history for its replays. Its payloads are decoded once, since codecs may ask a server for keys.
 * `hasReferences` is false for a history without payloads in external storage.
 */
export async function preparedHistory(
  { history, identity, namespace }: Pick<ReplayRequest, 'history' | 'identity' | 'namespace'>,
  steps: PayloadSteps,
  hasReferences = true,
): Promise<PreparedHistory> {
  const workflowId = identity.workflowId ?? 'unknown';
  const recorded = history.events ?? [];
  const decodeAll = async (): Promise<{ retrieved: DecodedEvents; decoded: DecodedEvents }> => {
    const retrieved = hasReferences
      ? await retrievedEvents(recorded, steps)
      : { events: recorded, undecoded: new Map<number, UndecodedPayload>() };
    return { retrieved, decoded: await decodedEvents(retrieved.events, steps, { namespace, workflowId }) };
  };
  const { retrieved, decoded } = await (steps.areForeign ? steps.outside.during(decodeAll) : decodeAll());
  const started = decoded.events[0]?.workflowExecutionStartedEventAttributes ?? {};
  return {
    input: {
      history: retrieved.events === recorded ? history : { events: [...retrieved.events] },
      workflowId,
      identity: { taskQueue: identity.taskQueue ?? '', namespace },
    },
    events: decoded.events,
    undecoded: new Map([...decoded.undecoded, ...retrieved.undecoded]),
    run: { started, runIdAliases: identity.runIdAliases, namespace },
  };
}
