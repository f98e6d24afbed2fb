import type { google } from '@temporalio/proto';

/** A time as the events hold it. */
export type Time = google.protobuf.ITimestamp;

/** Returns true if the first time is before the second. */
export function isBefore(a: Time, b: Time): boolean {
  const [aSeconds, bSeconds] = [Number(a.seconds ?? 0), Number(b.seconds ?? 0)];
  return aSeconds === bSeconds ? (a.nanos ?? 0) < (b.nanos ?? 0) : aSeconds < bSeconds;
}
