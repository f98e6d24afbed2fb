import { type PatchReport, type PatchRow, canAdvance } from '../../model/patches';
import { oneLine } from '../../util/printable';
import type { Paint } from './paint';
import { positionText } from './place-text';
import { textTable } from './text-table';

interface Style {
  width: number;
  paint: Paint;
}

/** Returns the lines of the table of patches, for a terminal. */
export function patchesLines(report: PatchReport, style: Style): string[] {
  const { patches, cluster, histories, problems, computedIds } = report;
  const { paint } = style;
  const table = textTable(
    {
      headings: ['patch', 'stage', 'open', 'closed', 'histories', 'next'],
      rows: patches.map((row) => [
        ...[oneLine(row.id), row.stage],
        ...[row.heldBackBy.open, row.heldBackBy.closed, row.heldBackBy.corpus].map(heldText),
        shortNext(row),
      ]),
      left: [0, 1, 5],
      keepsNames: true,
      noun: 'patches',
    },
    style,
  );
  const movable = patches.filter(({ stage }) => canAdvance(stage)).map(({ id }) => id);
  const uses = patches.flatMap((row) => useLines(row, style));
  return [
    ...(patches.length === 0 ? ['The code has no patches, and no run needs one.'] : table),
    ...(movable.length === 0 ? [] : ['', `replay patches advance ${movable.map(oneLine).join(' ')}`]),
    '',
    lookedAtText(cluster, histories),
    ...problems.map((problem) => paint.yellow(oneLine(problem))),
    ...computedIds.map((place) =>
      paint.yellow(
        `${positionText(place)} takes an id that only a run can tell, so its patches may be missing here.`,
      ),
    ),
    ...(uses.length > 0 ? ['', ...uses] : []),
  ];
}

/** Returns the next thing to do in a word or two; the columns before say why. */
function shortNext({ stage, movesOnAt, next }: PatchRow): string {
  if (canAdvance(stage)) return 'advance';
  if (movesOnAt !== null && stage !== 'gone but needed') return `wait until ${movesOnAt.slice(0, 10)}`;
  if (stage === 'live' || stage === 'deprecated' || stage === 'old runs closed') return 'keep it';
  return oneLine(next);
}

const heldText = (count: number): string => (count === 0 ? '-' : count.toLocaleString('en'));

function lookedAtText(cluster: PatchReport['cluster'], histories: number): string {
  const corpus = `${counted(histories, 'history', 'histories')} of the corpus`;
  if (cluster === null)
    return `Only ${corpus} ${histories === 1 ? 'was' : 'were'} looked at. No patch is removable by them alone.`;
  const { openRuns, closedRuns, unknown } = cluster;
  const unclear =
    unknown > 0 ? ` ${counted(unknown, 'run', 'runs')} could not be judged, and count as holding back.` : '';
  return `The columns in the middle count what holds a patch back, among ${counted(openRuns, 'open run', 'open runs')}, ${counted(closedRuns, 'closed run', 'closed runs')} and ${corpus}.${unclear}`;
}

const counted = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

function useLines({ id, wrongUses }: PatchRow, { paint }: Style): string[] {
  return wrongUses.map(
    ({ place, message }) =>
      `${paint.yellow('!')} ${positionText(place)} ${paint.bold(oneLine(id))}: ${message}`,
  );
}
