import { type Event, eventIdOf } from '../../temporal/event';
import { eventTypeName } from '../../temporal/event-types';
import type { HistoryProblem, HistoryProblemCode } from '../formats/problem';

/** The advice that ends most messages. */
export const DOWNLOAD_AGAIN = 'Download the history again: `temporal workflow show --output json`.';

/** Returns a problem whose message ends with the advice to download the history again. */
export const refuse = (code: HistoryProblemCode, message: string): HistoryProblem =>
  problem(code, `${message}. ${DOWNLOAD_AGAIN}`);

export const problem = (code: HistoryProblemCode, message: string): HistoryProblem => ({ code, message });

/** Returns the name of an event in messages: `event 5 (TimerStarted)`. */
export const describeEvent = (event: Event): string =>
  `event ${eventIdOf(event)} (${eventTypeName(event.eventType)})`;
