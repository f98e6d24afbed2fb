import {
  type DeployCounts,
  type DeployRamp,
  type DeployReport,
  type DeployRow,
  brokenRuns,
} from '../../model/deploy';
import { oneLine } from '../../util/printable';
import type { Paint } from './paint';
import { type TextTable, textTable } from './text-table';

/** Returns the answer to the question whether code can be deployed, as one sentence with its reasons. */
export const deployAnswerText = ({ answer, reasons }: DeployReport): string =>
  [
    `Can it be deployed? ${answer === 'not proven' ? 'Not proven.' : answer === 'yes' ? 'Yes.' : 'No.'}`,
    ...reasons,
  ]
    .map(oneLine)
    .join(' ');

/** Returns a sentence that says what happens to the open runs of a cluster. */
export function deployCountsText({ counts, versions }: Pick<DeployReport, 'counts' | 'versions'>): string {
  const { open, elsewhere, ended, staying, moving } = counts;
  const what = versions.length === 0 ? 'the code' : oneLine(versions.join(', '));
  const parts = [
    `${numberText(moving)} would get ${what}`,
    ...(staying > 0 ? [`${numberText(staying)} stay on the version that they are pinned to`] : []),
    ...(elsewhere > 0 ? [`${numberText(elsewhere)} are of other code`] : []),
    ...(ended > 0 ? [`${numberText(ended)} ended meanwhile`] : []),
  ];
  if (open === 0)
    return 'No open run was found. Check the address, the namespace and the query if there should be some.';
  return `Of ${numberText(open)} open ${open === 1 ? 'run' : 'runs'}, ${listOf(parts)}.`;
}

/** Returns a sentence each about a sample, paused runs, next runs and ramps, as far as there are any. */
export const deployNotes = (deploy: DeployReport): string[] =>
  [proofText(deploy), pausedText(deploy), nextRunsText(deploy), ...deploy.ramps.map(rampText)].filter(
    (text) => text !== null,
  );

/** Says which of the runs that would get the code were replayed; null if all of them were. */
function proofText({ counts, rows, chosen }: DeployReport): string | null {
  if (chosen === null) return null;
  const replayed = replayedOf(counts);
  const shapes = rows.reduce((sum, row) => sum + row.shapes, 0);
  const atMost = rows.reduce((sum, row) => sum + (row.atMost ?? 0), 0);
  const bounded = rows.some((row) => row.atMost !== null)
    ? ` Of the ${numberText(counts.notLookedAt)} that were not looked at, at most ${numberText(atMost)} break, with a probability of 95 % for each row.`
    : '';
  const like =
    counts.represented > 0 ? ` ${numberText(counts.represented)} have the shape of such runs.` : '';
  return `${numberText(replayed)} of them in ${numberText(shapes)} shapes were replayed.${like}${bounded} The seed is ${chosen.seed}.`;
}

function pausedText({ counts: { paused } }: DeployReport): string | null {
  if (paused === 0) return null;
  return `${numberText(paused)} of the runs that would get it ${paused === 1 ? 'is' : 'are'} paused.`;
}

function nextRunsText({ counts: { upgrading, triedAsNew, stuckAsNew } }: DeployReport): string | null {
  if (upgrading === 0) return null;
  const tried =
    triedAsNew === 0
      ? 'Their inputs were not tried.'
      : `${numberText(triedAsNew)} ${triedAsNew === 1 ? 'was' : 'were'} tried with ${triedAsNew === 1 ? 'its' : 'their'} present input: ${stuckAsNew === 0 ? 'none fails' : `${numberText(stuckAsNew)} would be stuck`}.`;
  return `Of the pinned runs, ${numberText(upgrading)} may start ${upgrading === 1 ? 'its' : 'their'} next run with the code, after continue-as-new. ${tried}`;
}

function rampText({ deployment, current, ramping, percentage }: DeployRamp): string {
  const [to, from] = [ramping, current].map((version) => oneLine(version ?? 'the workers without a version'));
  return `A ramp is under way in ${oneLine(deployment)}: ${to} gets ${Number(percentage.toFixed(2))} % of the runs that are not pinned, and ${from} the others. Such a run may move between the two.`;
}

/** Returns the cells of the table of runs by type, version and behavior. */
export function deployTable({ rows, chosen }: DeployReport): TextTable {
  const isChosen = chosen !== null;
  const headings = [
    ...['workflow type', 'version', 'behavior', 'moving', 'staying', 'replayed'],
    ...(isChosen ? ['alike', 'not seen'] : []),
    ...['shapes', 'broken'],
  ];
  const cells = rows.map((row) => [
    ...[oneLine(row.workflowType), row.version === null ? '-' : oneLine(row.version), behaviorText(row)],
    ...[row.moving, row.staying, replayedOf(row)].map(numberText),
    ...(isChosen ? [row.represented, row.notLookedAt].map(numberText) : []),
    ...[row.shapes, brokenRuns(row)].map(numberText),
  ]);
  return { headings, rows: cells, left: [0, 1, 2], noun: 'rows' };
}

/** Returns the answer alone, for a terminal. */
export const deployAnswerLine = (deploy: DeployReport, paint: Paint): string => {
  const color = { yes: paint.green, no: paint.red, 'not proven': paint.yellow }[deploy.answer];
  return paint.bold(color(deployAnswerText(deploy)));
};

/** Returns the lines that answer whether code can be deployed, for a terminal. */
export function deployLines(deploy: DeployReport, style: { width: number; paint: Paint }): string[] {
  return [
    deployAnswerLine(deploy, style.paint),
    deployCountsText(deploy),
    ...deployNotes(deploy),
    ...(deploy.rows.length > 0 ? ['', ...textTable(deployTable(deploy), style)] : []),
  ];
}

const behaviorText = ({ behavior, isOverridden }: DeployRow): string =>
  isOverridden ? `${behavior} (override)` : behavior;

const replayedOf = ({
  safe,
  stuck,
  failing,
  stuckBefore,
  unjudged,
}: Pick<DeployCounts | DeployRow, 'safe' | 'stuck' | 'failing' | 'stuckBefore' | 'unjudged'>): number =>
  safe + stuck + failing + stuckBefore + unjudged;

const numberText = (count: number): string => count.toLocaleString('en');

const listOf = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)!}`;
