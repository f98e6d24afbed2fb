import type { DifferenceKind, FailureGroup } from '../model/diagnosis';
import { judgesCode } from '../model/verdict';

/** A recorded timer that a new wait took over, in words, and the place of the wait that had started it. */
export interface Takeover {
  recorded: string;
  produced: string;
  place: string | null;
}

/** The meaning of causes that are not the code's. */
const NOT_ABOUT_CODE: Partial<Record<DifferenceKind, string>> = {
  undecoded: 'Says nothing about the code: it cannot be replayed without its payloads.',
  unreplayed: 'Says nothing about the code: the replay broke before it could be judged.',
  unreadable: 'Says nothing about the code: it was not tried.',
};

/** Describes what a cause means for the running system. */
export function impactOf({
  verdict,
  kind,
  count,
  openCount,
  existingCount,
  takeover = null,
  failsRuns = false,
}: Pick<FailureGroup, 'verdict' | 'kind' | 'count' | 'openCount' | 'existingCount'> & {
  takeover?: Takeover | null;
  /** True if the code fails the runs with the error that it throws, instead of their workflow tasks. */
  failsRuns?: boolean;
}): string {
  if (failsRuns)
    return 'Open runs that come to this place fail for good after a deploy, since the worker or the workflow fails runs for such an error. No later deploy brings them back.';
  if (kind === 'internal' && verdict === 'failed')
    return 'Says nothing about the code: temporal-replay itself broke before it could be judged.';
  if (NOT_ABOUT_CODE[kind] !== undefined) return NOT_ABOUT_CODE[kind];
  if (!judgesCode(verdict)) return 'Says nothing about the code: it was not tried.';
  if (takeover) {
    const { recorded, produced, place } = takeover;
    const where = place === null ? 'at another place' : `at ${place}`;
    return `Nothing gets stuck, but a wait has moved: core matches timers by their order alone. Runs from before wait here until the recorded ${recorded} fires, in place of ${produced}, and then once more ${where}, where the wait is that had started it.`;
  }
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
