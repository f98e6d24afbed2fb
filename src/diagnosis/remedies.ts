import type { DifferenceKind, ProposedRemedy } from '../model/diagnosis';
import type { HistoryResult } from '../model/verdict';
import { formatPlace } from '../source/place';
import { remediesForDrift } from './drift-remedies';
import { type HiddenDraw, hiddenDraw } from './hidden-draws';
import { keepRemovedBranch, keepRemovedPatch, wrapInPatch } from './patch-remedies';
import { type RemedyContext, remedy } from './remedy';
import { reportBug } from './report-bug';
import { remediesForUndecoded } from './undecoded-remedies';
import { renameBack, restoreType } from './rename-remedies';

type Rule = (context: RemedyContext) => Promise<ProposedRemedy[]> | ProposedRemedy[];

/** Returns the remedies that fit a difference, the best first. */
export async function remediesFor(context: RemedyContext): Promise<ProposedRemedy[]> {
  const found = await RULES[context.trace.kind](context);
  return context.trace.brokenOffBy === null || context.trace.kind === 'internal'
    ? found
    : [...found, reportBug()];
}

const versionWorker = (): ProposedRemedy =>
  remedy(
    'version-worker',
    'Deploy it as a new worker version',
    'With Worker Versioning, runs that are pinned to the old version end on the old code, and only new runs take the new one. It needs the old workers to stay up until then.',
  );

/** Errors that JavaScript throws for a mistake in the code. */
const MISTAKE = /TypeError|ReferenceError|RangeError/;

const isMistake = ({ error }: HistoryResult): boolean =>
  MISTAKE.test(error?.parts.errorType ?? error?.parts.foreign ?? '');
const OLD_SHAPE =
  'The recorded run went on here. Often the code expects a result in a new shape, while the history holds the old one: accept both.';

const fixError = (text: string): ProposedRemedy =>
  remedy('fix-error', 'Mend the error where it is thrown', text);

const drawElsewhere = (draw: HiddenDraw, cwd: string): ProposedRemedy =>
  remedy(
    'fix-error',
    `Draw no random number in the ${draw.in} at ${formatPlace(draw.location, cwd)}`,
    `A replay runs no ${draw.in}, so every id and random number that the workflow draws after it is another one than recorded. Runs in which it has run cannot be replayed by any code: reset or end them.`,
  );

async function patchOrVersion(context: RemedyContext): Promise<ProposedRemedy[]> {
  const others = [await wrapInPatch(context), versionWorker()];
  if (MISTAKE.test(context.trace.failureType ?? '')) return [fixError(OLD_SHAPE), ...others];
  const branch = await keepRemovedBranch(context);
  return branch ? [branch, ...others] : others;
}

const RULES: Readonly<Record<DifferenceKind, Rule>> = {
  added: patchOrVersion,
  moved: patchOrVersion,
  replaced: patchOrVersion,
  refused: patchOrVersion,
  renamed: async (context) => {
    const { recorded, produced } = context.trace;
    const hasOtherId = recorded !== null && recorded.words === produced?.words;
    const draw = hasOtherId && !context.cause?.hunks.length ? hiddenDraw(context.sources) : null;
    // No change of the code is to blame, so there is nothing to put behind patched().
    if (draw) return [drawElsewhere(draw, context.cwd), versionWorker()];
    // Code cannot give a timer or an activity its old number again.
    const hasOnlyNumber = recorded?.words === produced?.words && recorded?.kind !== 'child';
    const others = await patchOrVersion(context);
    const isBranchGone = others[0]?.code === 'keep-patch';
    return [...(hasOnlyNumber || isBranchGone ? [] : [renameBack(context)]), ...others];
  },
  removed: async (context) =>
    context.trace.recorded?.kind === 'patch' ? keepRemovedPatch(context) : patchOrVersion(context),
  drift: remediesForDrift,
  threw: async (context) => [
    fixError(
      isMistake(context.result)
        ? OLD_SHAPE
        : 'The recorded run went on here. An error that is no Temporal failure fails the workflow task, not the workflow: the run is retried until the code is mended.',
    ),
    // Without the change behind it, there is nothing to put behind patched().
    ...(context.cause?.hunks.length ? [await wrapInPatch(context)] : []),
  ],
  'unknown-type': restoreType,
  bundle: () => [
    remedy(
      'fix-bundle',
      'Make the workflow code build',
      'Nothing could be replayed. The message says what the bundler or the sandbox complained of.',
    ),
  ],
  endless: () => [
    remedy(
      'fix-loop',
      'Find the loop that never waits',
      'Workflow code that loops without an await blocks its worker. If the history is only very long, give --timeout more.',
    ),
  ],
  died: () => [
    remedy(
      'fix-error',
      'Find what ends the process',
      'Endless recursion or memory without bounds, most often.',
    ),
  ],
  undecoded: remediesForUndecoded,
  unreplayed: () => [
    remedy(
      'fetch-again',
      'Fetch the history again',
      'The SDK or its core broke over this history before the code could be judged. If a fresh download fails too, report it with the versions that `replay doctor` prints.',
      { command: 'npx replay fetch --workflow-id <id> --refresh' },
    ),
  ],
  internal: async (context) =>
    context.result.verdict === 'incompatible' ? [reportBug(), await wrapInPatch(context)] : [reportBug()],
  unreadable: () => [
    remedy(
      'fetch-again',
      'Fetch the history again',
      'The file is damaged or is no history that can be replayed.',
      { command: 'npx replay fetch --workflow-id <id> --refresh' },
    ),
  ],
};
