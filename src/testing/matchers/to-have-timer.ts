import type { Duration } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time';
import ms from 'ms';
import { milliseconds } from '../../temporal/event';
import { answer, listed } from './answer';
import type { HistoryMatcher } from './matcher';
import { readSubject } from './subject';

/** Passes if the workflow started a timer, with this duration if one is given. */
export const toHaveTimer: HistoryMatcher = async function (received, duration?: Duration) {
  const subject = await readSubject(received);
  const timers = (subject.history.events ?? []).flatMap(({ timerStartedEventAttributes: started }) =>
    started ? [milliseconds(started.startToFireTimeout)] : [],
  );
  const pass = duration === undefined ? timers.length > 0 : timers.includes(msToNumber(duration));
  return answer(this, subject, {
    pass,
    expected: duration === undefined ? 'a timer' : `a timer of ${String(duration)}`,
    found: `Its timers: ${listed([timers.map((timer) => ms(timer)).join(', ')].filter(Boolean), 'none.')}`,
  });
};
