import { evictionReasonOf, rememberEvictionReasons } from '../../src/sdk/eviction-reasons';

interface ReplayModule {
  EvictionReason: Record<string, number>;
  evictionReasonToReplayError(evictJob: { reason?: number | null; message?: string }): Error | undefined;
}
const replay = require('@temporalio/worker/lib/replay') as ReplayModule;

describe('the reason of an error of the replay worker', () => {
  beforeAll(rememberEvictionReasons);

  it.each([
    ['NONDETERMINISM', 'nondeterminism'],
    ['LANG_FAIL', 'task-failed'],
    ['FATAL', 'fatal'],
    ['PAGINATION_OR_HISTORY_FETCH', 'other'],
  ])('is known for %s', (name, reason) => {
    const error = replay.evictionReasonToReplayError({ reason: replay.EvictionReason[name]!, message: 'x' });

    expect(evictionReasonOf(error!)).toBe(reason);
  });

  it('is made by the function that the worker calls through the exports of its module', () => {
    const { Worker } = jest.requireActual<{ Worker: { runReplayHistories: () => unknown } }>(
      '@temporalio/worker',
    );

    expect(Worker.runReplayHistories.toString()).toMatch(/replay_1\.evictionReasonToReplayError\)\(/);
  });

  it('is told by the name of an error that the SDK made otherwise', () => {
    const nondeterminism = Object.assign(new Error('x'), { name: 'DeterminismViolationError' });

    expect(evictionReasonOf(nondeterminism)).toBe('nondeterminism');
    expect(evictionReasonOf(new Error('x'))).toBe('other');
  });
});
