import type { ProposedRemedy } from '../model/diagnosis';
import { wrapInPatch } from './patch-remedies';
import { type RemedyContext, remedy } from './remedy';

/** Returns the remedies for content that core does not compare. */
export async function remediesForDrift(context: RemedyContext): Promise<ProposedRemedy[]> {
  const { trace, result } = context;
  if (trace.recorded && trace.produced) return await guardTakeover(context);
  const guard = context.cause?.hunks.length ? [await wrapInPatch(context)] : [];
  return [acceptDrift(result.drift.map(({ path }) => path)), undoDrift(), ...guard];
}

const acceptDrift = (paths: readonly string[]): ProposedRemedy =>
  remedy('accept-drift', 'Leave it, if it is what you want', acceptanceOf(paths));

function acceptanceOf(paths: readonly string[]): string {
  if (paths.every((path) => path === 'earlier'))
    return 'Temporal accepts a command that comes in an earlier workflow task than recorded, as when steps were made parallel. Runs that wait between the two places simply go on.';
  if (paths.every((path) => path === 'startToFireTimeout'))
    return 'A timer that has started keeps its length, and it belongs to the wait that the code now has in its place. If that is the same wait with a new length, only timers that start after the deploy have it. If it is another wait, put it behind patched().';
  return 'Temporal never compares this content. For runs that are open, what was sent stays as it was; the new content counts from the next command on.';
}

const undoDrift = (): ProposedRemedy =>
  remedy(
    'undo-drift',
    'Undo it, if nobody meant to change it',
    'A changed default, a mapping that lost a field or another time zone shows like this. To keep the old content for runs that are under way, put the change behind patched().',
  );

/** Returns the remedies for a new wait that took over the recorded timer of another wait. */
async function guardTakeover(context: RemedyContext): Promise<ProposedRemedy[]> {
  const { recorded, produced } = context.trace;
  return [
    await wrapInPatch({ ...context, trace: { ...context.trace, kind: 'added', recorded: null } }),
    remedy(
      'accept-drift',
      'Leave it, if open runs may wait that long',
      `Nothing gets stuck: open runs wait here for ${recorded!.words} in place of ${produced!.words}, and then once more at the other wait. If this is no new wait but the same one with a new length, the timers that have started keep theirs, and nothing has moved.`,
    ),
  ];
}
