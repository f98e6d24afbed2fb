import type { google } from '@temporalio/proto';
import { numberOf } from '../../../temporal/event';

/** A time as the events hold it. */
export type Time = google.protobuf.ITimestamp;

/** Returns true if the first time is before the second. */
export function isBefore(a: Time, b: Time): boolean {
  const [aSeconds, bSeconds] = [numberOf(a.seconds), numberOf(b.seconds)];
  return aSeconds === bSeconds ? (a.nanos ?? 0) < (b.nanos ?? 0) : aSeconds < bSeconds;
}
