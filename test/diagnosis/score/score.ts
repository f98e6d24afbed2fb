/**
 * Measures diagnoses: replays each edit of the table with the built CLI and holds its report against the truth.
 *
 * `npm run diagnose:score [-- text …]`: only the edits whose service and name hold all of the texts.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pLimit from 'p-limit';
import { EDITS, type Edit } from './edits';
import { COLUMNS, type Column, type Score, fixEdit, replayEdit, scoreReport } from './score-edit';

/** Number of edits that are replayed at the same time. */
const CONCURRENCY = 2;
const SCRATCH = resolve(__dirname, '../../scratch');
const UNCHANGED: Edit = { name: 'unchanged', kind: 'safe', changes: {}, truths: [] };

/** The wanted shares of the edits that each row concerns. */
const WANTED: readonly { what: string; column: Column; kind?: Edit['kind']; share: number }[] = [
  { what: 'breaking edits caught', column: 'caught', kind: 'breaking', share: 1 },
  { what: 'breaking edits with the right event', column: 'event', kind: 'breaking', share: 1 },
  { what: 'throwing edits caught', column: 'caught', kind: 'throwing', share: 1 },
  { what: 'drifting edits with their path', column: 'path', kind: 'drifting', share: 1 },
  { what: 'right file and line', column: 'place', share: 0.95 },
  { what: 'place in the changed lines', column: 'hunk', share: 0.98 },
  { what: 'right remedy', column: 'remedy', share: 0.9 },
  { what: 'breaking edits mended by replay fix', column: 'fixed', kind: 'breaking', share: 0.9 },
  { what: 'no false flag', column: 'clean', share: 1 },
];

async function main(texts: readonly string[]): Promise<number> {
  const chosen = Object.entries(EDITS)
    .flatMap(([service, edits]) => [UNCHANGED, ...edits].map((edit) => ({ service, edit })))
    .filter(({ service, edit }) => texts.every((text) => `${service} ${edit.name}`.includes(text)));
  mkdirSync(SCRATCH, { recursive: true });
  const scratch = mkdtempSync(join(SCRATCH, 'score-'));
  try {
    const limit = pLimit(CONCURRENCY);
    const scores = await Promise.all(
      chosen.map(({ service, edit }, n) => limit(() => scoreEdit(service, edit, join(scratch, String(n))))),
    );
    print(scores);
    return WANTED.every((wanted) => isReached(wanted, scores)) ? 0 : 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function scoreEdit(service: string, edit: Edit, directory: string): Promise<Score> {
  const report = await replayEdit(service, edit, directory);
  const score = scoreReport(service, edit, report, directory);
  if (edit.kind === 'breaking' || edit.kind === 'throwing') {
    const left = await fixEdit(service, directory);
    score.fixed = left === null;
    if (left !== null) score.misses.push(`not mended: ${left}`);
  }
  rmSync(directory, { recursive: true, force: true });
  process.stderr.write('.');
  return score;
}

const MARKS = new Map<boolean | null, string>([
  [true, 'yes'],
  [false, 'NO'],
  [null, '-'],
]);

function print(scores: readonly Score[]): void {
  console.log('\n');
  const width = Math.max(...scores.map(({ service, edit }) => service.length + edit.name.length + 2));
  const row = (label: string, kind: string, cells: readonly string[]): string =>
    [label.padEnd(width), kind.padEnd(8), ...cells.map((cell) => cell.padStart(7))].join(' ').trimEnd();
  console.log(row('edit', 'kind', COLUMNS));
  for (const score of scores) {
    const label = `${score.service}: ${score.edit.name}`;
    const cells = COLUMNS.map((column) => MARKS.get(score[column])!);
    console.log(row(label, score.edit.kind, cells));
    for (const miss of score.misses) console.log(`    ${miss}`);
  }
  console.log();
  const shares = (of: readonly Score[]): string[] => COLUMNS.map((column) => inPercent(shareOf(of, column)));
  for (const kind of ['breaking', 'drifting', 'throwing', 'safe'] as const) {
    const ofKind = scores.filter(({ edit }) => edit.kind === kind);
    console.log(row(`${ofKind.length} edits`, kind, shares(ofKind)));
  }
  console.log(row(`${scores.length} edits`, 'all', shares(scores)));
  console.log();
  for (const wanted of WANTED) {
    const mark = isReached(wanted, scores) ? 'reached' : 'MISSED ';
    const got = shareOf(ofWantedKind(wanted, scores), wanted.column);
    console.log(`${mark}  ${inPercent(got).padStart(6)}  wanted ${inPercent(wanted.share)}  ${wanted.what}`);
  }
}

/** Returns null if the column concerns none of the scores. */
function shareOf(scores: readonly Score[], column: Column): number | null {
  const concerned = scores.map((score) => score[column]).filter((right) => right !== null);
  return concerned.length === 0 ? null : concerned.filter(Boolean).length / concerned.length;
}

/** Rounded down: 100 % are all. */
const inPercent = (share: number | null): string => (share === null ? '-' : `${Math.floor(share * 100)} %`);

const ofWantedKind = ({ kind }: { kind?: Edit['kind'] }, scores: readonly Score[]): Score[] =>
  scores.filter(({ edit }) => kind === undefined || edit.kind === kind);

const isReached = (wanted: (typeof WANTED)[number], scores: readonly Score[]): boolean =>
  (shareOf(ofWantedKind(wanted, scores), wanted.column) ?? 1) >= wanted.share;

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (err: unknown) => {
    console.error(err);
    process.exitCode = 2;
  },
);
