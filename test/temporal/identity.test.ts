import { identityOf } from '../../src/temporal/identity';
import { hasReplayableTask, validateHistory } from '../../src/history/validate/validate';
import { clone, fixtureHistory } from '../helpers/histories';

test('identityOf returns the ids of the first event', () => {
  expect(identityOf(fixtureHistory('everything'), { workflowId: 'other', runId: 'other' })).toEqual({
    workflowId: 'order/1',
    runId: '01a20e22-84c5-76ad-94fd-8c0513ace84f',
    originalRunId: '01a20e22-84c5-76ad-94fd-8c0513ace84f',
    firstRunId: '01a20e22-84c5-76ad-94fd-8c0513ace84f',
    workflowType: 'everything',
    taskQueue: 'q',
    namespace: 'orders',
    runIdAliases: ['01a20e22-84c5-76ad-94fd-8c0513ace84f', 'other'],
  });
});

test('identityOf returns the id of the last reset for a reset run', () => {
  expect(identityOf(fixtureHistory('reset'))).toMatchObject({
    workflowId: 'r1',
    runId: 'ae47e0b1-4df5-4885-848d-0b71463ce3bf',
    originalRunId: '01a20e22-99f5-7e3b-b449-11f0aaf77913',
    namespace: null,
    runIdAliases: ['01a20e22-99f5-7e3b-b449-11f0aaf77913', 'ae47e0b1-4df5-4885-848d-0b71463ce3bf'],
  });
});

test('identityOf returns the workflow id of the hint if the server did not record it', () => {
  const history = clone(fixtureHistory('open'));
  history.events[0]!.workflowExecutionStartedEventAttributes!.workflowId = '';
  expect(identityOf(history).workflowId).toBeNull();
  expect(identityOf(history, { workflowId: 's1' }).workflowId).toBe('s1');
});

test('identityOf returns the namespace only if it is certain or known from outside', () => {
  const child = clone(fixtureHistory('everything'));
  child.events[39]!.startChildWorkflowExecutionInitiatedEventAttributes!.namespace = 'elsewhere';
  expect(identityOf(child).namespace).toBeNull();
  expect(identityOf(child, { namespace: 'known' }).namespace).toBe('known');
  const other = clone(fixtureHistory('everything'));
  other.events[3]!.workflowTaskCompletedEventAttributes!.sdkMetadata!.sdkName = 'temporal-go';
  expect(identityOf(other).namespace).toBeNull();
});

test('identityOf returns nulls for an empty history', () => {
  expect(identityOf({ events: [] })).toEqual({
    workflowId: null,
    runId: null,
    originalRunId: null,
    firstRunId: null,
    workflowType: null,
    taskQueue: null,
    namespace: null,
    runIdAliases: [],
  });
});

test.each([
  ['delayed', false],
  ['open', true],
  ['everything', true],
  ['terminated', true],
])('the history %s is valid, and has a task to replay: %s', (name, replayable) => {
  expect(validateHistory(fixtureHistory(name))).toBeNull();
  expect(hasReplayableTask(fixtureHistory(name))).toBe(replayable);
});

test('hasReplayableTask returns false if all tasks failed', () => {
  const history = clone(fixtureHistory('reset'));
  history.events.length = 5;
  expect(validateHistory(history)).toBeNull();
  expect(hasReplayableTask(history)).toBe(false);
});
