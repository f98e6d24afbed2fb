import type { DiagnosedReport, DiagnosedResult } from '../../model/report';
import { resultError } from '../../model/result-error';
import { type TimelineEntry, TIMELINE_KINDS, TIMELINE_STATUSES } from '../../model/timeline';
import { canFailRun, type Drift, type Verdict, VERDICTS_BY_RANK } from '../../model/verdict';
import { cut } from '../../util/printable';
import { durationText } from '../text/drift-text';
import { guarded } from '../text/guarded';
import { type LanePicture, lanePicture } from './lanes';
import type { PageLinks } from './links';
import { visible, visibleLines } from './markup';
import { type KindData, KINDS, LANES, type StatusData, STATUSES } from './timeline-words';

/** The data that the page's script shows. Every string has passed `visible`. */
export interface PageData {
  /** Verdicts, the gravest first. */
  verdicts: readonly Verdict[];
  lanes: readonly string[];
  /** The kinds of timeline entries, which the entries name by index. */
  kinds: readonly KindData[];
  /** The statuses of timeline entries, which the entries name by index. */
  statuses: readonly StatusData[];
  /** The names of timeline entries, which the entries name by index. */
  names: string[];
  causes: { headline: string; verdict: Verdict }[];
  /** The pictures of both lanes, which the results name by index. */
  pictures: LanePicture[];
  results: ResultData[];
}

export interface ResultData {
  /** Index in the report's `results`, which the links of the page use. */
  index: number;
  /** Index in `causes`; null if the result has no diagnosis. */
  cause: number | null;
  file: string;
  workflowId: string | null;
  runId: string | null;
  type: string | null;
  verdict: Verdict;
  events: number;
  verifiedEvents: number;
  durationMs: number;
  isOpen: boolean | null;
  /** Id of the first event that differs or drifts. */
  eventId: number | null;
  headline: string | null;
  recorded: string | null;
  produced: string | null;
  coreMessage: string | null;
  error: { code: string; message: string } | null;
  /** Index in `pictures`; null if there is none. */
  picture: number | null;
  /** Ids of the recorded events, by the rows of the picture. */
  eventIds: (number | null)[];
  /** Page of the run in the Temporal UI; null if it is not known. */
  run: string | null;
  drift: { eventId: number; path: string; recorded: string; produced: string }[];
  driftLeftOut: number;
  accepted: string | null;
  /** Id of the recorded event WorkflowTaskFailed in which the run was stuck already. */
  existing: number | null;
  existedBefore: boolean | null;
  timeline: TimelineData | null;
}

export interface TimelineData {
  /** Time of the first entry, in ms since the epoch. */
  startMs: number;
  entries: PackedEntry[];
  leftOut: number;
}

/**
 * Index of the kind, index of the name (-1 without one), event ids, start and end in ms after `startMs` (null while open), number of
 * attempts, index of the status.
 */
export type PackedEntry = [number, number, number[], number, number | null, number, number];

/** Number of characters for all details, so that the page with its causes stays under 10 MB. */
const BUDGET = 6_000_000;
const ENTRY_SIZE = 40;
const MAX_ENTRIES = 600;
const MAX_VALUE = 2_000;
const MAX_MESSAGE = 8_000;
const MAX_NAME = 1_000;
const MAX_ROWS = 60;

/** Returns the data of all results that are not compatible, with long parts cut so that the page stays within its budget. */
export function pageData(report: DiagnosedReport, links: PageLinks): PageData {
  const causeOf = new Map(report.groups.flatMap((group, i) => group.results.map((index) => [index, i])));
  const shown = report.results.flatMap((result, index) =>
    canFailRun(result.verdict) ? [{ result, index }] : [],
  );
  const share = BUDGET / Math.max(1, shown.length);
  const names = new Table<string>();
  const pictures = new Table<LanePicture>();
  const results = shown.map(({ result, index }) => {
    const place = { index, cause: causeOf.get(index) ?? null, share, names, pictures, links };
    return guarded(
      () => resultData(result, place),
      (message) => resultData(withoutDetails(result, message), place),
    );
  });
  const causes = report.groups.map(({ headline, verdict }) => ({ headline: line(headline), verdict }));
  return {
    verdicts: VERDICTS_BY_RANK,
    lanes: LANES,
    kinds: KINDS,
    statuses: STATUSES,
    names: names.all,
    causes,
    pictures: pictures.all,
    results,
  };
}

/** Returns a result with its verdict and a message alone. */
const withoutDetails = (
  { file, workflowId, runId, workflowType, verdict, events, verifiedEvents, durationMs }: DiagnosedResult,
  own: string,
): DiagnosedResult => ({
  ...{ file, workflowId, runId, workflowType, verdict, events, verifiedEvents, durationMs, drift: [] },
  error: resultError({ code: 'INTERNAL_ERROR', own }),
});

interface Place {
  index: number;
  cause: number | null;
  share: number;
  names: Table<string>;
  pictures: Table<LanePicture>;
  links: PageLinks;
}

function resultData(result: DiagnosedResult, place: Place): ResultData {
  const { index, cause, share, names } = place;
  const { divergence, diagnosis, accepted, existing } = result;
  const messageLength = Math.min(MAX_MESSAGE, Math.max(200, share * 0.15));
  const message = (text: string): string => cut(visibleLines(text), messageLength);
  const eventId = divergence?.eventId ?? result.drift[0]?.eventId ?? null;
  const drift = driftWithin(result.drift, share * 0.25);
  return {
    index,
    cause,
    file: line(result.file),
    workflowId: lineOrNull(result.workflowId),
    runId: lineOrNull(result.runId),
    type: lineOrNull(result.workflowType),
    verdict: result.verdict,
    events: result.events,
    verifiedEvents: result.verifiedEvents,
    durationMs: Math.round(result.durationMs),
    isOpen: result.isOpen ?? diagnosis?.isOpen ?? null,
    eventId,
    headline: lineOrNull(diagnosis?.headline),
    recorded: divergence?.recorded ? named(divergence.recorded.event, divergence.recorded.name) : null,
    produced: divergence?.produced ? named(divergence.produced.command, divergence.produced.name) : null,
    coreMessage: divergence?.coreMessage == null ? null : message(divergence.coreMessage),
    error: result.error ? { code: line(result.error.code), message: message(result.error.message) } : null,
    ...pictureOf(result, place.pictures),
    run: place.links.run(result),
    drift,
    driftLeftOut: result.drift.length - drift.length,
    accepted: accepted ? line(`${accepted.reason}${until(accepted.expires)}`) : null,
    existing: existing?.eventId ?? null,
    existedBefore: result.existedBefore ?? null,
    timeline: timelineData(result.timeline ?? [], eventId, share * 0.5, names),
  };
}

/** Returns the picture of a result. Those of one cause are mostly the same, so each is kept once. */
function pictureOf(
  { diagnosis }: DiagnosedResult,
  pictures: Table<LanePicture>,
): Pick<ResultData, 'picture' | 'eventIds'> {
  const rows = (diagnosis?.rows ?? [])
    .slice(0, MAX_ROWS)
    .map((row) => ({ ...row, recorded: lineOrNull(row.recorded), produced: lineOrNull(row.produced) }));
  const made =
    diagnosis &&
    lanePicture({
      kind: diagnosis.kind,
      rows,
      due: (diagnosis.due ?? []).map(({ eventId, words }) => ({ eventId, words: line(words) })),
      errorType: lineOrNull(diagnosis.headlineParts.errorType),
    });
  if (!made) return { picture: null, eventIds: [] };
  const { eventIds, ...picture } = made;
  return { picture: pictures.indexOf(picture), eventIds };
}

const until = (expires: string | null): string => (expires === null ? '' : ` (until ${expires})`);
const line = (text: string): string => cut(visible(text), MAX_NAME);
const lineOrNull = (text: string | null | undefined): string | null => (text == null ? null : line(text));
const named = (kind: string, name: string | null): string => line(name === null ? kind : `${kind} ${name}`);

/** Returns a drifted value as JSON, cut to `length` characters; a duration as people say it. */
export const shownDriftValue = (value: unknown, path: string, length: number): string =>
  durationText(value, path) ?? shownValue(value, length);

/** Returns a value as JSON, cut to `length` characters. */
const shownValue = (value: unknown, length: number): string =>
  cut(visible(cut(JSON.stringify(value) ?? 'nothing', length)), length);

/** Returns the first entries of drift that fit into the size, at least one. */
function driftWithin(drift: readonly Drift[], size: number): ResultData['drift'] {
  const fitting: ResultData['drift'] = [];
  let left = size;
  for (const { eventId, path, recorded, produced } of drift) {
    if (left <= 0 && fitting.length > 0) break;
    const length = Math.max(80, Math.min(MAX_VALUE, left / 2));
    const entry = {
      eventId,
      path: line(path),
      recorded: shownDriftValue(recorded, path, length),
      produced: shownDriftValue(produced, path, length),
    };
    left -= entry.path.length + entry.recorded.length + entry.produced.length + 60;
    fitting.push(entry);
  }
  return fitting;
}

/** Returns the entries nearest to the event that differs, as many as fit into the size. */
function timelineData(
  timeline: readonly TimelineEntry[],
  eventId: number | null,
  size: number,
  names: Table<string>,
): TimelineData | null {
  if (timeline.length === 0) return null;
  const most = Math.max(12, Math.min(MAX_ENTRIES, Math.floor(size / ENTRY_SIZE)));
  const entries = nearest(timeline, eventId ?? Number.MAX_SAFE_INTEGER, most);
  const startMs = Math.min(...entries.map((entry) => entry.startMs));
  return {
    startMs,
    entries: entries.map((entry) => packed(entry, startMs, names)),
    leftOut: timeline.length - entries.length,
  };
}

function nearest(timeline: readonly TimelineEntry[], eventId: number, most: number): TimelineEntry[] {
  if (timeline.length <= most) return [...timeline];
  const distance = ({ eventIds }: TimelineEntry): number =>
    Math.min(Math.abs(eventIds[0]! - eventId), Math.abs(eventIds.at(-1)! - eventId));
  const kept = new Set(
    timeline
      .map((entry) => ({ entry, far: distance(entry) }))
      .sort((a, b) => a.far - b.far)
      .slice(0, most)
      .map(({ entry }) => entry),
  );
  return timeline.filter((entry) => kept.has(entry));
}

const packed = (entry: TimelineEntry, startMs: number, names: Table<string>): PackedEntry => [
  TIMELINE_KINDS.indexOf(entry.kind),
  entry.name === null ? -1 : names.indexOf(cut(visible(entry.name), 200)),
  entry.eventIds,
  entry.startMs - startMs,
  entry.endMs === null ? null : entry.endMs - startMs,
  entry.attempts,
  TIMELINE_STATUSES.indexOf(entry.status),
];

/** Collects values, each once, in the order of their first appearance. */
class Table<Value> {
  readonly all: Value[] = [];
  private readonly indexes = new Map<string, number>();

  indexOf(value: Value): number {
    const key = JSON.stringify(value);
    const known = this.indexes.get(key);
    if (known !== undefined) return known;
    this.indexes.set(key, this.all.length);
    return this.all.push(value) - 1;
  }
}
