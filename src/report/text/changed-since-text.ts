import type colors from 'picocolors';
import type { DiagnosedReport } from '../../model/report';
import { printable } from './printable';

type Colors = ReturnType<typeof colors.createColors>;

/** Returns for a person how many failures are new since the ref; null without a ref or if everything is compatible. */
export function changedSinceText(
  { changedSince, results }: Pick<DiagnosedReport, 'changedSince' | 'results'>,
  paint: Colors,
): string | null {
  const marked = results.filter(({ existedBefore }) => existedBefore !== undefined);
  if (!changedSince || marked.length === 0) return null;
  const existed = marked.filter(({ existedBefore }) => existedBefore).length;
  const fresh = marked.length - existed;
  const counts = [fresh > 0 ? paint.red(`${fresh} new`) : 'none new', `${existed} there before`].join(', ');
  return `Since ${changedSince.commit.slice(0, 12)}, where this branch left ${printable(changedSince.ref)}: ${counts}`;
}
