import type { DiagnosedReport } from '../../model/report';
import type { Paint } from './paint';

/** Returns for a person how many failures are new since the ref; null without a ref or if everything is compatible. */
export function changedSinceText(
  { changedSince, results }: Pick<DiagnosedReport, 'changedSince' | 'results'>,
  paint: Paint,
): string | null {
  const marked = results.filter(({ existedBefore }) => existedBefore !== undefined);
  if (!changedSince || marked.length === 0) return null;
  const existed = marked.filter(({ existedBefore }) => existedBefore).length;
  const fresh = marked.length - existed;
  const counts = [fresh > 0 ? paint.red(`${fresh} new`) : 'none new', `${existed} there before`].join(', ');
  return `Since ${changedSince.commit.slice(0, 12)}, where this branch left ${changedSince.ref}: ${counts}`;
}
