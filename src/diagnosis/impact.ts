import type { FailureGroup } from '../model/diagnosis';
import { judgesCode } from '../model/verdict';

/** Describes what a cause means for the running system. */
export function impactOf({
  verdict,
  kind,
  count,
  openCount,
  existingCount,
}: Pick<FailureGroup, 'verdict' | 'kind' | 'count' | 'openCount' | 'existingCount'>): string {
  if (!judgesCode(verdict)) return 'Says nothing about the code: it was not tried.';
  if (kind === 'drift')
    return 'Nothing gets stuck: open runs go on. What was sent stays as it was recorded; what is sent after the deploy has the new content.';
  const stuck =
    kind === 'endless'
      ? 'would be stuck after a deploy: each of their workflow tasks blocks a worker until it times out'
      : 'would be stuck after a deploy: their workflow tasks fail and are retried until other code comes';
  const all = count === 1 ? 'The run' : count === 2 ? 'Both runs' : `All ${count} runs`;
  if (existingCount > 0) {
    const some = existingCount === count ? all : `${existingCount} of the ${count} runs`;
    const was = existingCount === 1 ? 'was' : 'were';
    const others =
      existingCount === count ? '' : ` Runs that are open and have come past this place ${stuck}.`;
    return `${some} ${was} stuck in this failure already when fetched: a worker had recorded it, and no workflow task has completed since.${others}`;
  }
  if (openCount === 0)
    return `${all} had ended when fetched: queries and resets of them fail. Runs that are open and have come past this place ${stuck}.`;
  const open = openCount === count ? all : `${openCount} of the ${count} runs`;
  return `${open} ${openCount === 1 ? 'was' : 'were'} open when fetched. Such runs ${stuck}.`;
}
