import type { google, temporal } from '@temporalio/proto';
import { type Event, eventIdOf } from '../../../temporal/event';
import { parseJsonPayload } from '../../../temporal/markers';
import type { Time } from './time';
import { Unsure } from './unsure';

type Payload = temporal.api.common.v1.IPayload;
type Failure = temporal.api.failure.v1.IFailure;

/** The content of a marker of a local activity, as core resolves the activity with it. */
export interface LocalActivityResult {
  seq: number;
  activityId: string;
  activityType: string;
  attempt: number;
  outcome: { completed: Payload } | { failure: Failure; isCancelled: boolean };
  completeTime: Time | null;
  backoff: google.protobuf.IDuration | null;
  originalScheduleTime: Time | null;
}

interface MarkerData {
  seq?: number;
  attempt?: number;
  activity_id?: string;
  activity_type?: string;
  complete_time?: Time | null;
  backoff?: google.protobuf.IDuration | null;
  original_schedule_time?: Time | null;
}

/** Reads a marker of a local activity. Validated histories hold only markers that core can read. */
export function localActivityResultOf(event: Event): LocalActivityResult {
  const { details, failure } = event.markerRecordedEventAttributes ?? {};
  const data = parseJsonPayload(details?.['data']) as MarkerData | undefined;
  if (data?.seq === undefined || data.attempt === undefined)
    throw new Unsure('events do not fit', `marker ${eventIdOf(event)}`);
  return {
    seq: data.seq,
    activityId: data.activity_id ?? '',
    activityType: data.activity_type ?? '',
    attempt: data.attempt,
    outcome: failure
      ? { failure, isCancelled: isCancellation(failure) }
      : { completed: details?.['result']?.payloads?.at(-1) ?? {} },
    completeTime: data.complete_time ?? null,
    backoff: data.backoff ?? null,
    originalScheduleTime: data.original_schedule_time ?? null,
  };
}

const isCancellation = ({ canceledFailureInfo, cause }: Failure): boolean =>
  canceledFailureInfo != null || cause?.canceledFailureInfo != null;
