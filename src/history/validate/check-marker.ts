import type { temporal } from '@temporalio/proto';
import type { Event } from '../../temporal/event';
import { CORE_LOCAL_ACTIVITY_MARKER, CORE_PATCH_MARKER, parseJsonPayload } from '../../temporal/markers';
import type { HistoryProblem } from '../formats/problem';
import { describeEvent, refuse } from './refusal';

type Attributes = Record<string, unknown>;

/** Refuses a marker of core that core cannot read. */
export function checkMarker(event: Event): HistoryProblem | null {
  const marker = event.markerRecordedEventAttributes;
  if (!marker) return null;
  const bad = (what: string): HistoryProblem => refuse('BAD_MARKER', `${describeEvent(event)} ${what}`);
  if (marker.markerName === CORE_LOCAL_ACTIVITY_MARKER) {
    if (!isLocalActivityData(jsonOf(marker.details?.['data']))) {
      return bad('is a local activity marker whose data can not be read');
    }
  } else if (marker.markerName === CORE_PATCH_MARKER) {
    if (!namesPatch(marker.details ?? {})) return bad('is a patch marker that names no patch');
  }
  return null;
}

/** Checks the data as sdk-core's `LocalActivityMarkerData` reads it: every field must be there, times as null or whole. */
function isLocalActivityData(data: Attributes | undefined): boolean {
  const isUint32 = (value: unknown): boolean =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32;
  const isTime = (value: unknown): boolean =>
    value === null ||
    (typeof value === 'object' &&
      ['seconds', 'nanos'].every((key) => Number.isInteger((value as Attributes)[key])));
  return (
    data !== undefined &&
    isUint32(data['seq']) &&
    isUint32(data['attempt']) &&
    typeof data['activity_id'] === 'string' &&
    typeof data['activity_type'] === 'string' &&
    ['complete_time', 'backoff', 'original_schedule_time'].every((key) => isTime(data[key]))
  );
}

/** Checks the details as `decode_change_marker_details` of sdk-core (protos/mod.rs): json/plain, or the plain bytes of older SDKs. */
function namesPatch(details: Record<string, temporal.api.common.v1.IPayloads>): boolean {
  const payload = details['patch-data']?.payloads?.[0];
  if (details['patch-data']) {
    const encoding = payload?.metadata?.['encoding'];
    const data = jsonOf(details['patch-data']);
    return (
      encoding !== undefined &&
      Buffer.from(encoding).toString() === 'json/plain' &&
      typeof data?.['id'] === 'string' &&
      typeof data['deprecated'] === 'boolean'
    );
  }
  return (
    Boolean(details['patch_id']?.payloads?.[0]?.data) &&
    (details['deprecated']?.payloads?.[0]?.data?.length ?? 0) > 0
  );
}

function jsonOf(payloads: temporal.api.common.v1.IPayloads | undefined): Attributes | undefined {
  const value = parseJsonPayload(payloads);
  return typeof value === 'object' && value !== null ? (value as Attributes) : undefined;
}
