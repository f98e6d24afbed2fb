import { Writable } from 'node:stream';
import { TemporalReplayError } from '../../errors';
import { immediately, isClockFake, isFake } from './clock';

/** @throws USAGE if this library has no clock of its own, because it was loaded while timers were fake */
export function refuseFakeClock(): void {
  if (isClockFake())
    throw fakeTimersError(
      'The timers of this test were fake before temporal-replay was loaded, so it cannot wait for anything.',
      'Call useFakeTimers() after the import of temporal-replay/testing, or use its preset or plugin.',
    );
}

/** Returns true if the timers that activities use are fake now. */
// eslint-disable-next-line no-restricted-globals -- not called
export const areTimersFake = (): boolean => isFake(setTimeout);

/** @throws USAGE if the global timers are fake, for an SDK that waits by them */
export function refuseFakeTimers(): void {
  if (areTimersFake())
    throw fakeTimersError(
      'The timers of this test are fake, and the connection of this version of @temporalio/client waits by them.',
      'Use real timers: workflow time is skipped without fake ones.',
    );
}

/** The fake `process.nextTick` that was last seen to leave Node's own alone: in jest, a test has a `process` of its own. */
let harmless: unknown = null;

/** @throws USAGE if fake timers stop the `process.nextTick` by which Node itself sends and receives */
export async function refuseFakeTicks(): Promise<void> {
  // eslint-disable-next-line no-restricted-properties -- not called
  const { nextTick } = process;
  if (nextTick === harmless || !isFake(nextTick)) return;
  if (!(await ticksPass()))
    throw fakeTimersError(
      'process.nextTick is fake, and Node cannot reach the test server without it.',
      "Leave 'nextTick' out of toFake.",
    );
  harmless = nextTick;
}

const fakeTimersError = (message: string, hint: string): TemporalReplayError =>
  new TemporalReplayError('USAGE', message, { hint });

/** Returns true if a stream of Node, which ends a write by `process.nextTick`, ends one. */
function ticksPass(): Promise<boolean> {
  return new Promise((done) => {
    new Writable({ write: (_chunk, _encoding, written) => written() }).write('x', () => done(true));
    immediately(() => immediately(() => done(false)));
  });
}
