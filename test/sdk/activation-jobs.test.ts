import { Activator } from '@temporalio/workflow/lib/internals';
import {
  type AwaitedKind,
  answerJob,
  answeredBy,
  deliveryJob,
  patchJob,
  updateDeliveredBy,
} from '../../src/sdk/activation-jobs';
import { json, historyOf, signaled, started, updateAccepted } from '../helpers/history-builders';

const KINDS: readonly AwaitedKind[] = [
  'activity',
  'localActivity',
  'timer',
  'childStart',
  'child',
  'externalSignal',
  'externalCancel',
  'nexusStart',
  'nexus',
];
const NOTHING = { failure: null, result: null };
const handlerOf = (job: object): unknown =>
  (Activator.prototype as unknown as Record<string, unknown>)[Object.keys(job)[0]!];
const [, signal, update, cancel] = historyOf(
  started(),
  signaled('go'),
  updateAccepted('reserve', 'u1'),
  (id) => ({
    eventId: id as never,
    workflowExecutionCancelRequestedEventAttributes: { cause: 'late' },
  }),
);

describe('the jobs that the activator of @temporalio/workflow handles', () => {
  it.each(KINDS)('include the answer to %s', (kind) => {
    expect(handlerOf(answerJob(kind, 1, NOTHING))).toBeInstanceOf(Function);
  });

  it('include signals, updates, cancellations and patches', () => {
    for (const event of [signal!, update!, cancel!])
      expect(handlerOf(deliveryJob(event)!)).toBeInstanceOf(Function);
    expect(handlerOf(patchJob('p'))).toBeInstanceOf(Function);
  });
});

describe('answerJob', () => {
  it('hands over the result, or the failure', () => {
    const failure = { message: 'no card' };

    expect(answerJob('activity', 1, { failure: null, result: json(5) })).toEqual({
      resolveActivity: { seq: 1, isLocal: false, result: { completed: { result: json(5) } } },
    });
    expect(answerJob('activity', 1, { failure, result: null })).toEqual({
      resolveActivity: { seq: 1, isLocal: false, result: { failed: { failure } } },
    });
  });

  it.each(KINDS)('makes a job of which answeredBy finds %s again', (kind) => {
    expect(answeredBy(answerJob(kind, 7, NOTHING))).toContainEqual({ kind, seq: 7 });
  });
});

describe('deliveryJob', () => {
  it('delivers an update under its protocol instance id', () => {
    const job = deliveryJob(update!)!;

    expect(job.doUpdate).toMatchObject({ id: 'u1', name: 'reserve', runValidator: false });
    expect(updateDeliveredBy(job)).toBe('u1');
  });

  it('delivers the cause of a cancellation', () => {
    expect(deliveryJob(cancel!)).toEqual({ cancelWorkflow: { reason: 'late' } });
  });

  it('returns null for an event that comes from the workflow itself', () => {
    expect(deliveryJob(historyOf(started())[0]!)).toBeNull();
  });
});
