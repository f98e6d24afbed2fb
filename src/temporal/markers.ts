import type { temporal } from '@temporalio/proto';
import type { Event } from './event';

type Payloads = temporal.api.common.v1.IPayloads;

export const CORE_PATCH_MARKER = 'core_patch';
export const CORE_LOCAL_ACTIVITY_MARKER = 'core_local_activity';
/** Search attribute that shows patches to the server; core upserts it with each marker. */
export const CHANGE_VERSION_ATTRIBUTE = 'TemporalChangeVersion';

/** Returns the first payload as parsed JSON; undefined if there is none, or none that can be parsed. */
export function parseJsonPayload(payloads: Payloads | null | undefined): unknown {
  const data = payloads?.payloads?.[0]?.data;
  if (data == null) return undefined;
  try {
    return JSON.parse(Buffer.from(data).toString());
  } catch {
    return undefined;
  }
}

/** Returns true if core has written the marker by itself, and not workflow code. */
export const isCoreMarker = ({ markerRecordedEventAttributes: marker }: Event): boolean =>
  marker?.markerName === CORE_PATCH_MARKER || marker?.markerName === CORE_LOCAL_ACTIVITY_MARKER;

export interface PatchMarker {
  id: string;
  deprecated: boolean;
}

/** Returns the content of a `core_patch` marker: `patch-data` as JSON, or the older pair `patch_id` and `deprecated`. */
export function patchMarkerOf(event: Event): PatchMarker | null {
  const marker = event.markerRecordedEventAttributes;
  if (marker?.markerName !== CORE_PATCH_MARKER) return null;
  const data = parseJsonPayload(marker.details?.['patch-data']) as Partial<PatchMarker> | undefined;
  if (data?.id !== undefined) return { id: data.id, deprecated: data.deprecated === true };
  const id = parseJsonPayload(marker.details?.['patch_id']);
  return { id: String(id ?? ''), deprecated: parseJsonPayload(marker.details?.['deprecated']) === true };
}

export interface LocalActivityMarker {
  seq: number;
  activityId: string;
  activityType: string;
  /** Counts from 1. */
  attempt: number;
}

/** Returns the content of a `core_local_activity` marker; its result and failure are fields of the event. */
export function localActivityMarkerOf(event: Event): LocalActivityMarker | null {
  const marker = event.markerRecordedEventAttributes;
  if (marker?.markerName !== CORE_LOCAL_ACTIVITY_MARKER) return null;
  const data = parseJsonPayload(marker.details?.['data']) as
    { seq?: number; activity_id?: string; activity_type?: string; attempt?: number } | undefined;
  return {
    seq: Number(data?.seq ?? -1),
    activityId: data?.activity_id ?? '',
    activityType: data?.activity_type ?? '',
    attempt: Number(data?.attempt ?? 1),
  };
}

/** Returns true for core's upsert of the search attribute that lists the patches of a run. */
export const isChangeVersionUpsert = (event: Event | undefined): boolean =>
  event?.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields?.[
    CHANGE_VERSION_ATTRIBUTE
  ] != null;

/** Returns the kind of the marker of each patch in a history: `live` if one of them is of `patched()`. */
export function patchMarkersIn(events: readonly Event[]): Map<string, 'live' | 'deprecated'> {
  const kinds = new Map<string, 'live' | 'deprecated'>();
  for (const event of events) {
    const marker = patchMarkerOf(event);
    if (marker && kinds.get(marker.id) !== 'live')
      kinds.set(marker.id, marker.deprecated ? 'deprecated' : 'live');
  }
  return kinds;
}
