import type { FailureGroup } from '../../model/diagnosis';
import { oneLine } from '../../util/printable';
import type { Paint } from './paint';
import { cutToWidth } from './text-width';
import { paintVerdict, styleOf } from './verdict-style';

/** Number of causes from which on they are listed: the first of them have scrolled away by the end. */
const MIN_CAUSES = 2;
const SHOWN = 20;
const INDENT = '  ';

/** Returns a heading and a line for each cause, with its number of histories, for the end of a long report; none for a single cause. */
export function causeList(
  groups: readonly FailureGroup[],
  { width, paint }: { width: number; paint: Paint },
): string[] {
  if (groups.length < MIN_CAUSES) return [];
  const counts = groups.map(({ count }) => count.toLocaleString('en'));
  const countWidth = Math.max(...counts.map((count) => count.length));
  const more = groups.length - SHOWN;
  return [
    paint.bold(`${groups.length} causes, each with its number of histories`),
    ...groups.slice(0, SHOWN).map(({ verdict, headline }, i) => {
      const start = `${INDENT}${paintVerdict(verdict, styleOf(verdict).mark, paint)} ${counts[i]!.padStart(countWidth)}  `;
      return start + cutToWidth(oneLine(headline), width - INDENT.length - 2 - countWidth - 2);
    }),
    ...(more > 0 ? [paint.dim(`${INDENT}… and ${more} more`)] : []),
  ];
}
