/** Every kind of entry in a timeline. */
export const TIMELINE_KINDS = [
  'workflow',
  'workflowTask',
  'activity',
  'localActivity',
  'timer',
  'child',
  'signal',
  'update',
  'cancelRequest',
  'externalSignal',
  'externalCancel',
  'patch',
  'searchAttributes',
  'memo',
  'nexus',
  'marker',
  'other',
] as const;

export type TimelineKind = (typeof TIMELINE_KINDS)[number];

/** Every status of an entry. `recorded` is that of an entry without duration, such as a signal. */
export const TIMELINE_STATUSES = [
  'completed',
  'failed',
  'timedOut',
  'canceled',
  'terminated',
  'continuedAsNew',
  'open',
  'recorded',
] as const;

export type TimelineStatus = (typeof TIMELINE_STATUSES)[number];

/** Events that belong together, such as those of an activity from its scheduling to its end. Without payloads. */
export interface TimelineEntry {
  kind: TimelineKind;
  /** Activity or child type, signal or update name, patch id, duration of the timer …; null if there is none. */
  name: string | null;
  /** Ids of the events, ascending. */
  eventIds: number[];
  /** Time of the first event, in ms since the epoch. */
  startMs: number;
  /** Time of the event that ended the entry, in ms since the epoch; null while it is open. */
  endMs: number | null;
  /** Number of attempts that the history records; 0 if the entry has no attempts. */
  attempts: number;
  status: TimelineStatus;
}
