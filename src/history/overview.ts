import { milliseconds } from '../temporal/event';
import { labelOfHistory } from '../model/history';
import type { TimelineEntry } from '../model/timeline';
import type { DecodedHistory } from './decode';
import { identityOf } from '../temporal/identity';
import { timelineOf } from '../temporal/timeline';

/** A history without its payloads, as `replay show --json` prints it (schemas/timeline.schema.json). */
export interface HistoryOverview {
  schemaVersion: 1;
  /** The file; `file#2` for the second history in it. */
  file: string;
  workflowId: string | null;
  runId: string | null;
  workflowType: string | null;
  taskQueue: string | null;
  status: TimelineEntry['status'];
  /** Time of the first event, in ms since the epoch. */
  startMs: number;
  /** Time of the last event, in ms since the epoch; the end of a closed run. */
  lastEventMs: number;
  /** Number of events. */
  events: number;
  /** Name and version of each SDK that completed a workflow task: `temporal-typescript 1.24.0`. */
  sdks: string[];
  /** Ids of the patches that the run has passed, in the order of their markers. */
  patches: string[];
  entries: TimelineEntry[];
}

type Decoded = Extract<DecodedHistory, { history: object }>;

export function overviewOf(decoded: Decoded): HistoryOverview {
  const { workflowId, runId, workflowType, taskQueue } = identityOf(decoded.history, decoded);
  const events = decoded.history.events ?? [];
  const entries = timelineOf(events);
  const patches = entries.flatMap(({ kind, name }) => (kind === 'patch' && name !== null ? [name] : []));
  return {
    schemaVersion: 1,
    file: labelOfHistory(decoded.reference),
    workflowId,
    runId,
    workflowType,
    taskQueue,
    status: entries.find(({ kind }) => kind === 'workflow')?.status ?? 'open',
    startMs: entries[0]?.startMs ?? 0,
    lastEventMs: Math.floor(milliseconds(events.findLast(({ eventTime }) => eventTime)?.eventTime)),
    events: events.length,
    sdks: sdksOf(decoded),
    patches: [...new Set(patches)],
    entries,
  };
}

/** Fills in the name and version that a worker leaves out while they are as before. */
function sdksOf({ history }: Decoded): string[] {
  const sdks = new Set<string>();
  let name = '';
  for (const event of history.events ?? []) {
    const metadata = event.workflowTaskCompletedEventAttributes?.sdkMetadata;
    if (!metadata?.sdkName && !metadata?.sdkVersion) continue;
    name = metadata.sdkName || name;
    sdks.add(`${name} ${metadata.sdkVersion ?? ''}`.trim());
  }
  return [...sdks];
}
