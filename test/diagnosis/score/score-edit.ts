import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { FailureGroup } from '../../../src/model/diagnosis';
import type { RunReport } from '../../../src/model/report';
import type { HistoryResult, Verdict } from '../../../src/model/verdict';
import { runCli } from '../../helpers/cli';
import { commitAll, initRepository } from '../../helpers/git-repository';
import { changedLinesIn } from './changed-lines';
import type { Edit, Place, Truth } from './edits';
import { eventIdOf } from './events';
import { serviceDirectory, writeService } from './service-files';
import { SERVICES } from './services/services';

const ROOT = resolve(__dirname, '../../..');

/** The parts of an edit's diagnosis that were right; null for a part that the edit does not have. */
export interface Score {
  service: string;
  edit: Edit;
  /** All affected histories have the verdict of the edit's kind. */
  caught: boolean | null;
  event: boolean | null;
  kind: boolean | null;
  place: boolean | null;
  /** The place of each group lies in the changed lines. */
  hunk: boolean | null;
  remedy: boolean | null;
  path: boolean | null;
  /** `replay fix --yes` makes all histories pass; null for an edit that breaks none, and if it was not tried. */
  fixed: boolean | null;
  /** No other history was flagged. */
  clean: boolean;
  /** The mistakes, a line each. */
  misses: string[];
}

export const COLUMNS = [
  'caught',
  'event',
  'kind',
  'place',
  'hunk',
  'remedy',
  'path',
  'fixed',
  'clean',
] as const;
export type Column = (typeof COLUMNS)[number];

const VERDICT_OF: Readonly<Record<Edit['kind'], Verdict>> = {
  breaking: 'incompatible',
  drifting: 'drifted',
  throwing: 'failed',
  safe: 'compatible',
};

/** Writes the edited service. The edit is uncommitted in a git checkout. */
export function writeUncommitted(service: string, edit: Edit, directory: string): void {
  writeService(service, directory);
  initRepository(directory);
  commitAll(directory, 'The service before the edit');
  writeService(service, directory, edit.changes, edit.newFiles);
}

/** Returns the arguments with which the built CLI replays the histories of a service that was written to a directory. */
function argumentsFor(service: string, directory: string): string[] {
  const interceptors = SERVICES.find(({ name }) => name === service)?.interceptors;
  return [
    join(serviceDirectory(service), 'histories'),
    ...['--workflows-path', join(directory, 'workflows.ts')],
    ...(interceptors ? ['--workflow-interceptors', join(directory, interceptors)] : []),
    ...['--no-cache', '--concurrency', '1'],
  ];
}

/**
 * Repairs a service that was written with its edit, and returns what the command printed if some histories still fail; null if all
 * pass.
 */
export async function fixEdit(service: string, directory: string): Promise<string | null> {
  const { code, stdout, stderr } = await runCli(['fix', '--yes', ...argumentsFor(service, directory)], {
    cwd: ROOT,
  });
  return code === 0 ? null : (stdout + stderr).trim().split('\n').slice(-4).join(' | ');
}

/** Replays the histories of an edited service with the built CLI. The edit is uncommitted in a git checkout of the service. */
export async function replayEdit(service: string, edit: Edit, directory: string): Promise<RunReport> {
  writeUncommitted(service, edit, directory);
  const args = ['run', ...argumentsFor(service, directory), '--reporter', 'json'];
  const { stdout, stderr, code } = await runCli(args, { cwd: ROOT });
  if (code !== 0 && code !== 1) throw new Error(`${service}, ${edit.name}: exit code ${code}\n${stderr}`);
  return JSON.parse(stdout) as RunReport;
}

/** Holds a report against the truth. `directory` is where the edited service was written. */
export function scoreReport(service: string, edit: Edit, report: RunReport, directory: string): Score {
  const misses = new Set<string>();
  const found: Record<Column, boolean[]> = {
    caught: [],
    event: [],
    kind: [],
    place: [],
    hunk: [],
    remedy: [],
    path: [],
    fixed: [],
    clean: [],
  };
  const check = (column: Column, isRight: boolean, what: string): void => {
    found[column].push(isRight);
    if (!isRight) misses.add(what);
  };
  const results = new Map(report.results.map((result, n) => [basename(result.file, '.json'), { result, n }]));

  for (const truth of edit.truths) {
    for (const history of truth.histories) {
      const { result, n } = results.get(history) ?? {};
      if (!result) throw new Error(`${service}, ${edit.name}: ${history} is not in the report`);
      const group = report.groups.find((each) => each.results.includes(n!));
      checkHistory(
        truth,
        { service, history, result, group, directory, verdict: VERDICT_OF[edit.kind] },
        check,
      );
    }
  }
  const affected = new Set(edit.truths.flatMap(({ histories }) => histories));
  for (const [history, { result }] of results)
    if (!affected.has(history))
      check('clean', result.verdict === 'compatible', `${history}: ${described(result)}`);

  const changed = changedLinesIn(directory);
  for (const { location, headline } of edit.truths.length === 0 ? [] : report.groups) {
    const place = location && `${resolve(ROOT, location.file)}:${location.line}`;
    const text = `${location?.file.replace(/^.*\//, '')}:${location?.line}`;
    check('hunk', place !== null && changed.has(place), `not in the change: ${text} ${headline}`);
  }

  const total = (column: Column): boolean | null =>
    found[column].length === 0 ? null : found[column].every(Boolean);
  return {
    service,
    edit,
    caught: total('caught'),
    event: total('event'),
    kind: total('kind'),
    place: total('place'),
    hunk: total('hunk'),
    remedy: total('remedy'),
    path: total('path'),
    fixed: null,
    clean: total('clean') ?? true,
    misses: [...misses],
  };
}

interface Found {
  service: string;
  history: string;
  verdict: Verdict;
  result: HistoryResult;
  group: FailureGroup | undefined;
  directory: string;
}

function checkHistory(
  truth: Truth,
  { service, history, verdict, result, group, directory }: Found,
  check: (column: Column, isRight: boolean, what: string) => void,
): void {
  const isCaught = result.verdict === verdict;
  check('caught', isCaught, `${history}: ${described(result)}`);
  if (truth.event !== null) {
    const eventId = eventIdOf(service, history, truth.event);
    const foundId = result.divergence?.eventId ?? result.drift[0]?.eventId;
    check('event', isCaught && foundId === eventId, `${history}: event ${foundId}, not ${eventId}`);
    if (truth.path !== undefined) {
      const isFound = result.drift.some((drift) => drift.eventId === eventId && drift.path === truth.path);
      check('path', isFound, `${history}: no drift of ${truth.path} at event ${eventId}`);
    }
  }
  if (!group) {
    const columns = ['kind', 'remedy', ...(truth.at.length > 0 ? (['place'] as const) : [])] as const;
    columns.forEach((column) => check(column, false, `${history}: in no group`));
    return;
  }
  const { kind } = group;
  const location = result.divergence?.location ?? group.issuedAt ?? group.location;
  const kinds = [kind, ...group.variants.map((variant) => variant.kind)];
  check(
    'kind',
    kinds.some((each) => truth.kinds.includes(each)),
    `${history}: kind ${kinds.join(', ')}`,
  );
  const remedy = group.remedies[0]?.code;
  check('remedy', remedy !== undefined && truth.remedies.includes(remedy), `${history}: remedy ${remedy}`);
  if (truth.at.length === 0) return;
  const isThere = truth.at.some(
    ([file, text]) =>
      location !== null &&
      resolve(ROOT, location.file) === join(directory, file) &&
      location.line === lineOf(directory, [file, text]),
  );
  check('place', isThere, `${history}: ${location ? `place ${location.file}:${location.line}` : 'no place'}`);
}

/** Number of the line that has the text. @throws where not exactly one has it */
export function lineOf(directory: string, [file, text]: Place): number {
  const lines = readFileSync(join(directory, file), 'utf8').split('\n');
  const found = lines.flatMap((line, n) => (line.includes(text) ? [n + 1] : []));
  if (found.length !== 1)
    throw new Error(`${JSON.stringify(text)} stands in ${found.length} lines of ${file}`);
  return found[0]!;
}

function described({ verdict, divergence, drift, error }: HistoryResult): string {
  const at = divergence ? `@${divergence.eventId}` : drift[0] ? `@${drift[0].eventId} ${drift[0].path}` : '';
  return [`${verdict}${at}`, error?.message.split('\n')[0]].filter(Boolean).join(': ');
}
