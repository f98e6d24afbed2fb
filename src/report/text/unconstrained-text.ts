import type { DiagnosedReport } from '../../model/report';
import { constrainsNothing } from '../../model/verdict';
import { historiesText } from './totals-text';
import { shortPath } from './short-path';
import { wrapped } from './wrap';

const SHOWN = 5;
const INDENT = '    ';

/** Returns lines that name the histories with which any code is compatible; none if there is no such history. */
export function unconstrainedLines({ results }: Pick<DiagnosedReport, 'results'>, width: number): string[] {
  const files = results.filter(constrainsNothing).map(({ file }) => file);
  if (files.length === 0) return [];
  const subject = files.length === 1 ? 'constrains' : 'constrain';
  const tasks = files.length === 1 ? 'its' : 'their';
  const more = files.length - SHOWN;
  return [
    ...wrapped(
      `${historiesText(files.length)} ${subject} nothing: none of ${tasks} workflow tasks was completed, so there are no commands to compare.`,
      width,
    ),
    ...files.slice(0, SHOWN).map((file) => INDENT + shortPath(file, width - INDENT.length)),
    ...(more > 0 ? [`${INDENT}… and ${more} more`] : []),
  ];
}
