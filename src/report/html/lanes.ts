import type { ComparisonRow, DifferenceKind, DueCommand } from '../../model/diagnosis';
import { html, type Markup } from './markup';
import { line, prose } from './words';

/** A command in one of the two lanes. A ghost shows where the command of the other lane is missing. */
export interface LaneNode {
  /** Description of the command; null if the lane has nothing there. */
  text: string | null;
  isGhost: boolean;
  /** Reason for a ghost, such as `not recorded`; empty otherwise. */
  note: string;
}

/** A row of the picture of both lanes, without the id of the event. */
export interface LaneRow {
  op: ComparisonRow['op'] | 'end' | 'missed';
  /** Set on the first row that differs. */
  isFirst: boolean;
  recorded: LaneNode;
  produced: LaneNode;
  /** The change in a word; empty if there is none. */
  word: string;
  /** Lines of the arrow between the lanes, as SVG paths in a box of 60 × 100 that is stretched to the height of the row. */
  paths: string[];
  /** Lines of the arrows of moved commands that pass by. */
  passing: string[];
  /** True if an arrow ends at the right lane. */
  hasHead: boolean;
}

/** The picture of recorded and produced commands. */
export interface LanePicture {
  rows: LaneRow[];
  /** Sentence on the line above the first row that differs. */
  splitText: string;
  /** True if only the content differs. */
  isDrift: boolean;
}

const WORDS: Readonly<Record<ComparisonRow['op'], string>> = {
  same: '',
  drifted: 'drifts',
  removed: 'gone',
  added: 'new',
  moved: 'moved',
  renamed: 'renamed',
  replaced: 'another',
};

/** Ends of a replay at which the code produced no further command, with what each lane shows there. */
const ENDS: Partial<Record<DifferenceKind, readonly [recorded: string, produced: string, word: string]>> = {
  threw: ['the run went on', 'the code throws', 'throws'],
  endless: ['the run went on', 'the code does not return', 'hangs'],
  died: ['the run went on', 'the process ends', 'dies'],
};

const WIDTH = 60;
const MIDDLE = 50;
/** Rows of matching commands that are shown before the end of a replay. */
const ROWS_BEFORE_END = 4;

/** The difference that a picture shows. */
export interface Difference {
  kind: DifferenceKind | null;
  rows: readonly ComparisonRow[];
  /** Recorded commands that were due when the code threw. */
  due?: readonly DueCommand[];
  /** Class of the error that the code threw; null if it is not known. */
  errorType?: string | null;
}

/** Lays out both lanes; null if there is nothing to show. The picture of a group and those of its results are made alike. */
export function lanePicture({
  kind,
  rows: all,
  due = [],
  errorType = null,
}: Difference): (LanePicture & { eventIds: (number | null)[] }) | null {
  const differs = all.some(({ op }) => op !== 'same');
  const end = kind && ENDS[kind];
  if (!differs && !end) return null;
  const shown = differs ? all : all.slice(-ROWS_BEFORE_END);
  const partners = movedPartners(shown);
  const rows = shown.map((row, i): LaneRow => ({
    op: row.op,
    isFirst: row.isDivergence,
    ...nodesOf(row, shown[partners.get(i) ?? -1]),
    // The first half of a moved command has the word for both.
    word: row.op === 'moved' && row.recorded === null && partners.has(i) ? '' : WORDS[row.op],
    paths: ownPath(i, row, partners, shown),
    passing: passingPaths(i, shown, partners),
    hasHead: row.op !== 'same' && row.op !== 'drifted' && !(row.op === 'moved' && row.produced === null),
  }));
  if (!differs && end) rows.push(...endRows(end, due, kind === 'threw' ? errorType : null));
  if (differs && !rows.some(({ isFirst }) => isFirst))
    rows[shown.findIndex(({ op }) => op !== 'same')]!.isFirst = true;
  const eventIds = [
    ...shown.map(({ eventId }) => eventId),
    ...(differs ? [] : due.length > 0 ? due.map(({ eventId }) => eventId) : [null]),
  ];
  const isDrift = differs && shown.every(({ op }) => op === 'same' || op === 'drifted');
  return {
    rows,
    eventIds,
    splitText: isDrift ? 'Here the content differs' : 'Here the code leaves the history',
    isDrift,
  };
}

/** Makes the row in which the replay ends, and those of the recorded commands that it never came to. */
function endRows(
  [recorded, produced, word]: readonly [string, string, string],
  due: readonly DueCommand[],
  errorType: string | null,
): LaneRow[] {
  const end: LaneRow = {
    op: 'end',
    isFirst: true,
    recorded: { text: due[0]?.words ?? recorded, isGhost: false, note: '' },
    produced: {
      text: errorType === null ? produced : `the code throws ${errorType}`,
      isGhost: false,
      note: '',
    },
    word,
    paths: [`M0 ${MIDDLE}H${WIDTH}`],
    passing: [],
    hasHead: true,
  };
  return [end, ...due.slice(1).map(({ words }) => missedRow(words))];
}

const missedRow = (words: string): LaneRow => ({
  op: 'missed',
  isFirst: false,
  recorded: { text: words, isGhost: false, note: '' },
  produced: { text: words, isGhost: true, note: 'not reached' },
  ...{ word: '', paths: [], passing: [], hasHead: false },
});

function nodesOf(
  row: ComparisonRow,
  partner: ComparisonRow | undefined,
): Pick<LaneRow, 'recorded' | 'produced'> {
  const { op, recorded, produced } = row;
  const node = (text: string): LaneNode => ({ text, isGhost: false, note: '' });
  const ghost = (text: string, note: string): LaneNode => ({ text, isGhost: true, note });
  if (recorded !== null && produced !== null) return { recorded: node(recorded), produced: node(produced) };
  if (recorded !== null)
    return {
      recorded: node(recorded),
      produced: ghost(recorded, op === 'moved' ? placeOf(partner, 'issued') : 'not issued'),
    };
  if (produced !== null)
    return {
      produced: node(produced),
      recorded: ghost(produced, op === 'moved' ? placeOf(partner, 'recorded') : 'not recorded'),
    };
  return { recorded: { ...node(''), text: null }, produced: { ...node(''), text: null } };
}

/** Says where the other half of a moved command is. */
function placeOf(partner: ComparisonRow | undefined, verb: 'issued' | 'recorded'): string {
  if (!partner) return `${verb} elsewhere`;
  return verb === 'recorded' && partner.eventId !== null
    ? `recorded as event ${partner.eventId}`
    : `${verb} elsewhere`;
}

/** Finds the other half of each moved command by its words, else by the order. */
function movedPartners(rows: readonly ComparisonRow[]): Map<number, number> {
  const halves = (side: 'recorded' | 'produced'): number[] =>
    rows.flatMap((row, i) =>
      row.op === 'moved' && row[side] !== null && row[side === 'recorded' ? 'produced' : 'recorded'] === null
        ? [i]
        : [],
    );
  const open = halves('produced');
  const partners = new Map<number, number>();
  const pair = (from: number, at: number): void => {
    const [to] = open.splice(at, 1);
    partners.set(from, to!).set(to!, from);
  };
  const sources = halves('recorded');
  for (const i of sources) {
    const at = open.findIndex((j) => rows[j]!.produced === rows[i]!.recorded);
    if (at >= 0) pair(i, at);
  }
  for (const i of sources) if (!partners.has(i) && open.length > 0) pair(i, 0);
  return partners;
}

/** Returns the lines of the arrows that pass a row. */
const passingPaths = (
  i: number,
  rows: readonly ComparisonRow[],
  partners: ReadonlyMap<number, number>,
): string[] =>
  arrowsOf(rows, partners).flatMap(({ from, to, x }) =>
    i > Math.min(from, to) && i < Math.max(from, to) ? [`M${x} 0V100`] : [],
  );

/** Returns the lines of a row's own arrow. */
function ownPath(
  i: number,
  row: ComparisonRow,
  partners: ReadonlyMap<number, number>,
  rows: readonly ComparisonRow[],
): string[] {
  if (row.op === 'same') return [];
  const partner = partners.get(i);
  if (row.op !== 'moved' || partner === undefined || row.recorded === row.produced)
    return [`M0 ${MIDDLE}H${WIDTH}`];
  const arrow = arrowsOf(rows, partners).find(({ from, to }) => from === i || to === i)!;
  const edge = partner > i ? 100 : 0;
  return arrow.from === i ? [`M0 ${MIDDLE}H${arrow.x}V${edge}`] : [`M${arrow.x} ${edge}V${MIDDLE}H${WIDTH}`];
}

const TRACKS = [48, 53, 44];

/** Returns the arrows of moved commands, each with its track between the lanes. */
const arrowsOf = (
  rows: readonly ComparisonRow[],
  partners: ReadonlyMap<number, number>,
): { from: number; to: number; x: number }[] =>
  [...partners]
    .filter(([from]) => rows[from]!.recorded !== null)
    .sort(([a], [b]) => a - b)
    .map(([from, to], n) => ({ from, to, x: TRACKS[n % TRACKS.length]! }));

/** The events of a picture. */
export interface LaneEvents {
  /** Ids of the recorded events, by the rows. */
  eventIds: readonly (number | null)[];
  /** Id of the last event that matched; 0 if none did. */
  matchedUpTo: number;
  /** Returns the address of an event; null without one. */
  eventLink(eventId: number): string | null;
}

/** Makes the picture as a table, so that it can be read without seeing it. */
export function lanesTable(
  { rows, splitText, isDrift }: LanePicture,
  { eventIds, matchedUpTo, eventLink }: LaneEvents,
): Markup {
  return html`<table class="lanes${isDrift ? ' drifts' : ''}">
    <caption class="visually-hidden">
      Recorded commands, and the commands of the code now
    </caption>
    <thead>
      <tr>
        <th scope="col">Event</th>
        <th scope="col">Recorded</th>
        <th scope="col"><span class="visually-hidden">Change</span></th>
        <th scope="col">What the code does now</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map((row, i) => html`${row.isFirst ? splitRows(splitText, matchedUpTo) : null}${laneRow(row, eventIds[i] ?? null, eventLink)}`)}
    </tbody>
  </table>`;
}

const splitRows = (text: string, matchedUpTo: number): Markup =>
  html`${
      matchedUpTo > 0
        ? html`<tr class="matched">
            <td colspan="4">✓ matches up to event ${matchedUpTo}</td>
          </tr>`
        : null
    }
    <tr class="split">
      <td colspan="4"><span>${text}</span></td>
    </tr>`;

function laneRow(row: LaneRow, eventId: number | null, eventLink: LaneEvents['eventLink']): Markup {
  const { op, recorded, produced, word, hasHead } = row;
  const href = eventId === null ? null : eventLink(eventId);
  const id = href === null ? html`${eventId}` : html`<a href="${href}">${eventId}</a>`;
  return html`<tr class="op-${op}${row.isFirst ? ' first' : ''}">
    <td>${id}</td>
    <td class="was">${nodeMarkup(recorded)}</td>
    <td class="gap${hasHead ? ' head' : ''}">
      ${arrowMarkup(row)}${word === '' ? null : html`<span>${word}</span>`}
    </td>
    <td class="now">${nodeMarkup(produced)}</td>
  </tr>`;
}

const arrowMarkup = ({ paths, passing }: LaneRow): Markup | null =>
  paths.length + passing.length === 0
    ? null
    : html`<svg viewBox="0 0 60 100" preserveAspectRatio="none" aria-hidden="true">
        ${passing.map((d) => html`<path class="pass" d="${d}" />`)}
        ${paths.map((d) => html`<path d="${d}" />`)}
      </svg>`;

function nodeMarkup({ text, isGhost, note }: LaneNode): Markup | null {
  if (text === null) return null;
  if (!isGhost) return html`<div class="node">${prose(text)}</div>`;
  return html`<div class="node ghost">${prose(text)} <small>${line(note)}</small></div>`;
}
