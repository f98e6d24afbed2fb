import type { Formatter } from 'picocolors/types';
import type { EntryDetails } from '../../history/entry-details';
import type { HistoryOverview } from '../../history/overview';
import type { TimelineEntry, TimelineKind, TimelineStatus } from '../../model/timeline';
import { roundedDurationInWords } from '../../util/duration-in-words';
import type { Paint } from './paint';
import { oneLine } from '../../util/printable';
import { cutToWidth, fitToWidth, widthOf } from './text-width';

export interface TimelineTextOptions {
  /** Maximum width of a line, in columns. */
  width: number;
  paint: Paint;
  /** True to show completed workflow tasks too. */
  all: boolean;
}

const KIND_WORDS: Readonly<Record<TimelineKind, string>> = {
  workflow: 'workflow',
  workflowTask: 'workflow task',
  activity: 'activity',
  localActivity: 'local activity',
  timer: 'timer',
  child: 'child',
  signal: 'signal',
  update: 'update',
  cancelRequest: 'cancel requested',
  externalSignal: 'signal sent',
  externalCancel: 'cancel sent to',
  patch: 'patch',
  searchAttributes: 'search attributes',
  memo: 'memo',
  nexus: 'nexus operation',
  marker: 'marker',
  other: 'event',
};

const STATUS_WORDS: Readonly<Record<TimelineStatus, string>> = {
  completed: 'completed',
  failed: 'failed',
  timedOut: 'timed out',
  canceled: 'canceled',
  terminated: 'terminated',
  continuedAsNew: 'continued as new',
  open: 'open',
  recorded: 'recorded',
};

const MARKS: Readonly<Record<TimelineStatus, { mark: string; color: keyof Paint }>> = {
  completed: { mark: '✓', color: 'green' },
  failed: { mark: '✗', color: 'red' },
  timedOut: { mark: '✗', color: 'red' },
  canceled: { mark: '⊘', color: 'yellow' },
  terminated: { mark: '✗', color: 'red' },
  continuedAsNew: { mark: '↻', color: 'cyan' },
  open: { mark: '…', color: 'cyan' },
  recorded: { mark: '·', color: 'dim' },
};

/** Returns a history as lines for a person: the ids of the run, then a line for each entry. */
export function formatTimeline(
  overview: HistoryOverview,
  details: readonly EntryDetails[],
  options: TimelineTextOptions,
): string[] {
  const isQuiet = ({ kind, status }: TimelineEntry): boolean =>
    !options.all && kind === 'workflowTask' && status === 'completed';
  const lines = overview.entries.flatMap((entry, i) =>
    isQuiet(entry) ? [] : [lineOf(entry, details[i] ?? {}, overview)],
  );
  const workflow = overview.entries.findIndex(({ kind }) => kind === 'workflow');
  if (workflow >= 0)
    lines.push(closingLine(overview.entries[workflow]!, details[workflow] ?? {}, overview.startMs));
  const quiet = overview.entries.filter(isQuiet).length;
  return [
    ...headerLines(overview, options),
    '',
    ...tableLines(lines, options),
    ...(quiet === 0 ? [] : ['', options.paint.dim(quietText(quiet))]),
  ];
}

const quietText = (count: number): string =>
  count === 1
    ? '  1 workflow task completed and is not shown (--all shows it)'
    : `  ${count} workflow tasks completed and are not shown (--all shows them)`;

/** Returns the header. Its lines are not cut to the width, so that ids and paths can be copied. */
function headerLines(overview: HistoryOverview, { paint }: TimelineTextOptions): string[] {
  const { workflowType, workflowId, runId, taskQueue, startMs, lastEventMs, status } = overview;
  const title = oneLine(workflowType ?? 'type unknown');
  const took = roundedDurationInWords(lastEventMs - startMs);
  const { mark, color } = MARKS[status];
  const fields: [label: string, text: string, paint?: Formatter][] = [
    ['file', overview.file],
    ['workflow', workflowId ?? 'unknown'],
    ['run', runId ?? 'unknown'],
    ['task queue', taskQueue ?? 'unknown'],
    [
      'status',
      status === 'open'
        ? `${mark} open, last event after ${took}`
        : `${mark} ${STATUS_WORDS[status]} after ${took}`,
      paint[color] as Formatter,
    ],
    ['started', new Date(startMs).toISOString().replace('T', ' ').replace('Z', ' UTC')],
    ['events', overview.events.toLocaleString('en')],
    ...(overview.sdks.length > 0 ? [['sdk', overview.sdks.join(', ')] as [string, string]] : []),
    ...(overview.patches.length > 0 ? [['patches', overview.patches.join(', ')] as [string, string]] : []),
  ];
  return [
    paint.bold(title),
    ...fields.map(([label, text, color = String]) => {
      return `  ${paint.dim(label.padEnd(10))}  ${color(oneLine(text))}`;
    }),
  ];
}

/** Texts of a line of the table, before they are cut. */
interface Line {
  ids: string;
  at: string;
  status: TimelineStatus;
  kind: string;
  name: string;
  facts: string;
  note: string;
  input: string;
  result: string;
  isDim: boolean;
  /** Failure of the entry, shown on a separate line. */
  failure: string;
  lastFailure: string;
}

function lineOf(entry: TimelineEntry, details: EntryDetails, { startMs }: HistoryOverview): Line {
  const isWorkflow = entry.kind === 'workflow';
  // The first line shows only the start of the run; the last line shows its end.
  const shown = isWorkflow
    ? { ...entry, eventIds: entry.eventIds.slice(0, 1), status: 'recorded' as const }
    : entry;
  const retried = entry.attempts > 1 && details.failure === undefined;
  return {
    ids: idsText(shown.eventIds),
    at: offset(entry.startMs - startMs),
    status: shown.status,
    kind: KIND_WORDS[entry.kind],
    name: oneLine(entry.name ?? ''),
    facts: isWorkflow ? (entry.attempts > 1 ? `attempt ${entry.attempts}` : '') : factsOf(entry),
    note: isWorkflow ? '' : oneLine(details.note ?? ''),
    input: inputText(entry.kind, details.input),
    result: isWorkflow ? '' : resultText(details),
    isDim: entry.kind === 'workflowTask' && entry.status === 'completed',
    failure: isWorkflow ? '' : firstLineOf(details.failure),
    lastFailure: retried ? firstLineOf(details.lastFailure) : '',
  };
}

function closingLine(entry: TimelineEntry, details: EntryDetails, startMs: number): Line {
  return {
    ids: idsText(entry.eventIds.slice(1)),
    at: entry.endMs === null ? '' : offset(entry.endMs - startMs),
    status: entry.status,
    kind: KIND_WORDS.workflow,
    name: entry.status === 'open' ? 'still open' : STATUS_WORDS[entry.status],
    facts: '',
    note: oneLine(details.note ?? ''),
    input: '',
    result: resultText(details),
    isDim: false,
    failure: firstLineOf(details.failure),
    lastFailure: '',
  };
}

function factsOf({ kind, status, startMs, endMs, attempts }: TimelineEntry): string {
  const isOver = endMs !== null && status !== 'recorded';
  // The name of a fired timer has its duration, and the marker of a local activity has only one time.
  const hasDuration = isOver && !(kind === 'timer' && status === 'completed') && kind !== 'localActivity';
  return [
    status === 'completed' || status === 'recorded' ? '' : STATUS_WORDS[status],
    hasDuration ? roundedDurationInWords(endMs - startMs) : '',
    attempts > 1 ? `${attempts} attempts` : '',
  ]
    .filter(Boolean)
    .join(', ');
}

const offset = (ms: number): string => (ms === 0 ? '0s' : `+${roundedDurationInWords(ms)}`);

/** Returns ids with ranges, such as `5-7, 11`. */
function idsText(ids: readonly number[]): string {
  const runs: [first: number, last: number][] = [];
  for (const id of ids) {
    const run = runs.at(-1);
    if (run && run[1] === id - 1) run[1] = id;
    else runs.push([id, id]);
  }
  if (runs.length > 3) return `${ids[0]}, … ${ids.at(-1)}`;
  return runs
    .map(([first, last]) =>
      first === last ? String(first) : `${first}${last === first + 1 ? ', ' : '-'}${last}`,
    )
    .join(', ');
}

/** Number of characters of a value that are looked at: no terminal is wider, and a payload can have megabytes. */
const MAX_VALUE_LENGTH = 2000;

const valueText = (value: unknown): string =>
  oneLine((JSON.stringify(value) ?? 'undefined').slice(0, MAX_VALUE_LENGTH));

function inputText(kind: TimelineKind, input: readonly unknown[] | undefined): string {
  if (input === undefined) return '';
  if (kind !== 'searchAttributes' && kind !== 'memo') return `(${input.map(valueText).join(', ')})`;
  // The name already contains the key of a single field.
  const fields = Object.values(input[0] as object);
  return `= ${valueText(fields.length === 1 ? fields[0] : input[0])}`;
}

const resultText = (details: EntryDetails): string =>
  'result' in details ? `→ ${valueText(details.result)}` : '';

const firstLineOf = (text: string | undefined): string => oneLine((text ?? '').slice(0, MAX_VALUE_LENGTH));

const GAP = 2;
const MAX_IDS = 14;
const MAX_FACTS = 32;
/** Width in columns below which no values are shown. */
const MIN_VALUES = 12;

function tableLines(lines: readonly Line[], { width, paint }: TimelineTextOptions): string[] {
  const widest = (of: (line: Line) => string, limit: number): number =>
    lines.reduce((most, line) => Math.max(most, Math.min(widthOf(of(line)), limit)), 0);
  const idsWidth = widest(({ ids }) => ids, MAX_IDS);
  const atWidth = widest(({ at }) => at, MAX_IDS);
  const labelStart = 2 + idsWidth + GAP + atWidth + GAP + 2;
  const factsWidth = widest(({ facts }) => facts, MAX_FACTS);
  const labelWidth = widest(labelOf, labelLimit(width - labelStart, factsWidth));
  return lines.flatMap((line) => {
    const start = `  ${fitToWidth(line.ids, idsWidth)}${' '.repeat(GAP)}${padStart(line.at, atWidth)}${' '.repeat(GAP)}`;
    const { mark, color } = MARKS[line.status];
    const label = fitToWidth(labelOf(line), Math.min(labelWidth, width - labelStart));
    const factsRoom = width - labelStart - labelWidth - GAP;
    const facts = factsWidth === 0 ? '' : `  ${fitToWidth(line.facts, Math.min(factsWidth, factsRoom))}`;
    const values = valuesText(line, factsRoom - (factsWidth === 0 ? 0 : factsWidth + GAP));
    const painted = line.isDim
      ? paint.dim(`${start}${mark} ${label}${facts}`.trimEnd())
      : [
          `${paint.dim(start)}${(paint[color] as Formatter)(mark)} ${paintLabel(label, line.kind, paint)}`,
          isTrouble(line.status) ? (paint[color] as Formatter)(facts) : facts,
          values === '' ? '' : `  ${paint.dim(values)}`,
        ].join('');
    return [
      painted.trimEnd(),
      ...below(line.failure, '', paint.red, labelStart, width),
      ...below(line.lastFailure, 'before: ', paint.yellow, labelStart, width),
    ];
  });
}

/** Returns the width that a label may have: half of the room, or all that the facts leave if values have no room anyway. */
function labelLimit(room: number, factsWidth: number): number {
  const half = Math.max(16, Math.floor(room * 0.5));
  const besideFacts = room - (factsWidth === 0 ? 0 : factsWidth + GAP);
  return besideFacts - half - GAP < MIN_VALUES ? Math.max(half, besideFacts) : half;
}

const labelOf = ({ kind, name }: Line): string => (name === '' ? kind : `${kind} ${name}`);
const padStart = (text: string, width: number): string =>
  ' '.repeat(Math.max(0, width - widthOf(text))) + cutToWidth(text, width);
const isTrouble = (status: TimelineStatus): boolean => MARKS[status].color === 'red' || status === 'canceled';

const paintLabel = (label: string, kind: string, paint: Paint): string =>
  label.startsWith(kind) ? `${kind}${paint.bold(label.slice(kind.length))}` : label;

function below(text: string, prefix: string, color: Formatter, start: number, width: number): string[] {
  if (text === '') return [];
  const indent = start < width / 2 ? start : 4;
  return [' '.repeat(indent) + color(cutToWidth(prefix + text, width - indent))];
}

/** Returns note, input and result within a number of columns. If both input and result are long, both are cut. */
function valuesText({ note, input, result }: Line, room: number): string {
  if (room < MIN_VALUES) return '';
  const before = [note, input].filter(Boolean).join(' ');
  if (before === '' || result === '') return cutToWidth(before + result, room);
  const kept = Math.max(Math.floor(room / 2), room - widthOf(result) - 1);
  const start = cutToWidth(before, kept);
  return `${start} ${cutToWidth(result, room - widthOf(start) - 1)}`;
}
