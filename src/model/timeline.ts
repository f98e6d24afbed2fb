export type TimelineKind =
  | 'workflow'
  | 'workflowTask'
  | 'activity'
  | 'localActivity'
  | 'timer'
  | 'child'
  | 'signal'
  | 'update'
  | 'cancelRequest'
  | 'externalSignal'
  | 'externalCancel'
  | 'patch'
  | 'searchAttributes'
  | 'memo'
  | 'nexus'
  | 'marker'
  | 'other';

/** Events that belong to one thing, such as an activity from its scheduling to its end. Without payloads. */
export interface TimelineEntry {
  kind: TimelineKind;
  /** Activity or child type, signal or update name, patch id, timer's duration …; null where there is none. */
  name: string | null;
  /** Ids of the events, ascending. */
  eventIds: number[];
  /** Time of the first event, in ms since the epoch. */
  startMs: number;
  /** Time of the event that ended it; null while it is open. */
  endMs: number | null;
  /** Attempts that the history tells of; 0 where there is no such thing. */
  attempts: number;
  status:
    'completed' | 'failed' | 'timedOut' | 'canceled' | 'terminated' | 'continuedAsNew' | 'open' | 'recorded';
}
