import { relative } from 'node:path';
import type {
  FileCoverageSummary,
  PatchCoverage,
  Ratio,
  WorkflowCoverage,
} from '../../coverage/workflow-coverage';
import { paintFor } from './paint';
import { oneLine } from '../../util/printable';
import type { Screen } from '../screen';

/** Returns lines that say which workflow code the histories exercise and which they do not. */
export function coverageLines(
  { lcov, files, patches }: WorkflowCoverage,
  { color }: Pick<Screen, 'color'>,
  cwd: string,
): string[] {
  const paint = paintFor(color);
  const shown = (file: string): string => oneLine(relative(cwd, file));
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', paint.bold(title), ...lines.map((line) => `  ${line}`)];
  return [
    '',
    paint.bold('Workflow code that the histories exercise'),
    ...table(files, shown).map((line) => `  ${line}`),
    ...section(
      'Lines that no history runs',
      files.flatMap(({ file, unrunLines }) =>
        unrunLines.length === 0 ? [] : [`${shown(file)}: ${unrunLines.map(rangeText).join(', ')}`],
      ),
    ),
    ...section(
      'Branches that no history takes',
      files.flatMap(({ file, untakenBranches }) =>
        untakenBranches.map(
          ({ line, column, kind, side }) => `${shown(file)}:${line}:${column} ${kind}: ${side}`,
        ),
      ),
    ),
    ...section(
      'Patches with a side that no history takes',
      patches.flatMap((patch) => patchLine(patch, shown)),
    ),
    '',
    `${shown(lcov)} is written.`,
  ];
}

function table(files: readonly FileCoverageSummary[], shown: (file: string) => string): string[] {
  const sum = (of: (file: FileCoverageSummary) => Ratio): Ratio => ({
    covered: files.reduce((total, file) => total + of(file).covered, 0),
    total: files.reduce((total, file) => total + of(file).total, 0),
  });
  const all = { lines: sum(({ lines }) => lines), branches: sum(({ branches }) => branches) };
  const rows = [
    ...files.map(({ file, lines, branches }) => [shown(file), ratio(lines), ratio(branches)]),
    ['all', ratio(all.lines), ratio(all.branches)],
  ];
  const width = Math.max(...rows.map(([name]) => name!.length));
  const linesWidth = Math.max(...rows.map(([, lines]) => lines!.length));
  return rows.map(
    ([name, lines, branches]) =>
      `${name!.padEnd(width)}  lines ${lines!.padEnd(linesWidth)}  branches ${branches}`,
  );
}

const ratio = ({ covered, total }: Ratio): string =>
  total === 0 ? '-' : `${Math.floor((100 * covered) / total)} % (${covered}/${total})`;

const rangeText = ([first, last]: readonly [number, number]): string =>
  first === last ? `${first}` : `${first}-${last}`;

const SIDES = {
  true: 'never true: no history has this patch',
  false: 'never false: no history is from before this patch',
  both: 'never called',
} as const;

function patchLine({ id, calls, neverTaken }: PatchCoverage, shown: (file: string) => string): string[] {
  if (neverTaken === 'none') return [];
  const places = calls.map(({ file, line, column }) => `${shown(file)}:${line}:${column}`);
  return [
    `patched('${oneLine(id)}') ${SIDES[neverTaken]}${places.length > 0 ? `  ${places.join(', ')}` : ''}`,
  ];
}
