import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { TemporalReplayError } from '../errors';
import { writeEdited } from '../fix/write-edited';
import { canAdvance } from '../model/patches';
import { diffText } from '../patching/edited-files';
import type { ReplayOptions } from '../options/types';
import type { Screen } from '../report/screen';
import { type Paint, paintFor } from '../report/text/paint';
import { paintedDiff } from '../report/text/painted-diff';
import { oneLine } from '../util/printable';
import { type AdvancedPatch, PatchAdvance } from '../versions/patches/advance';
import { type PatchScope, lookUpPatches } from '../versions/patches/patches';
import { ask, canAsk } from './terminal/ask';
import { exitCodeOfSignal } from './terminal/signals';

/** The patches that are to move on, and how. */
export interface AdvanceArgs {
  ids?: readonly string[];
  all?: boolean;
  yes?: boolean;
  check?: boolean;
  ignoreClosed?: boolean;
  removeHistories?: boolean;
}

/** Moves patches on in the code, for `replay patches advance`. Returns the exit code: 1 if one of them stays. */
export async function advancePatches(
  args: AdvanceArgs,
  { options, scope }: { options: Omit<ReplayOptions, 'histories'>; scope: PatchScope },
  screen: Screen,
): Promise<number> {
  checkArgs(args);
  const session = new AdvanceSession(args, options, scope, screen);
  const { moved, staying } = await session.advance();
  // A bot commits the patches that moved.
  const failed = args.all ? staying > 0 && moved === 0 : staying > 0;
  return exitCodeOfSignal() ?? (failed ? 1 : 0);
}

/** @throws USAGE */
function checkArgs({ ids = [], all = false, yes = false, check = false }: AdvanceArgs): void {
  if (all === ids.length > 0)
    throw new TemporalReplayError('USAGE', 'Either the ids of patches or --all say which patches move on.', {
      hint: 'Run `replay patches` for the list.',
    });
  if (!yes && !check && !canAsk())
    throw new TemporalReplayError('USAGE', 'There is no terminal to ask on.', {
      hint: 'Give --yes to write the changes, or --check to only look.',
    });
}

class AdvanceSession {
  private readonly paint: Paint;
  private readonly cwd: string;
  private readonly gone = new Set<string>();

  constructor(
    private readonly args: AdvanceArgs,
    private readonly options: Omit<ReplayOptions, 'histories'>,
    private readonly scope: PatchScope,
    private readonly screen: Screen,
  ) {
    this.paint = paintFor(screen.color);
    this.cwd = options.cwd ?? process.cwd();
  }

  /** Moves the patches on, one after the other, and counts them. */
  async advance(): Promise<{ moved: number; staying: number }> {
    const found = await lookUpPatches(this.options, this.scope);
    const { ids = [], all = false, ignoreClosed = false } = this.args;
    const movable = found.report.patches.filter(({ stage }) => canAdvance(stage)).map(({ id }) => id);
    const due = all ? movable : [...new Set(ids)];
    if (due.length === 0) this.screen.print('No patch can move on.');
    const staying: string[] = [];
    let moved = 0;
    for (const id of due) {
      if (exitCodeOfSignal() !== null) break;
      const corpus = this.scope.corpus.filter(({ file }) => !this.gone.has(file));
      const advance = new PatchAdvance(this.options, { ...this.scope, corpus }, found);
      const change = await advance.changeFor(id, { ignoresClosed: ignoreClosed });
      const reason = 'reason' in change ? change.reason : await this.take(id, change);
      if (reason === null) moved++;
      else staying.push(`${oneLine(id)} stays as it is. ${oneLine(reason)}`);
    }
    this.screen.note(staying);
    if (due.length > 1 && !this.args.check)
      this.screen.note(`${moved} of ${due.length} patches moved on, and ${staying.length} stay as they are.`);
    return { moved, staying: staying.length };
  }

  /** Shows a change, and writes it if it is wanted. Returns the reason why it was not written; null if it was. */
  private async take(id: string, { files, outdated, shared }: AdvancedPatch): Promise<string | null> {
    const { yes = false, check = false, removeHistories = false } = this.args;
    const { screen, paint, cwd } = this;
    const diff = diffText(files, cwd);
    if (check) {
      screen.document(diff);
      return null;
    }
    const isInTheWay = outdated.length > 0 && !removeHistories;
    if (isInTheWay) return `${outdatedText(outdated)} Delete them, or give --remove-histories.`;
    if (shared.length > 0) return `${shared.join(', ')} has other histories too: take out the outdated ones.`;
    screen.print([paint.bold(oneLine(id)), ...paintedDiff(diff, paint)]);
    if (outdated.length > 0) screen.print(`Deleted with it: ${outdated.map(oneLine).join(', ')}`);
    if (!yes && !(await isWanted())) return 'It was not wanted.';
    await writeEdited(files);
    for (const file of outdated) {
      await rm(resolve(cwd, file), { force: true });
      this.gone.add(file);
    }
    return null;
  }
}

const isWanted = async (): Promise<boolean> =>
  /^(y(es)?)?$/i.test((await ask('\nWrite this change? [Y/n] ')) ?? 'n');

const outdatedText = (files: readonly string[]): string =>
  `${files.length === 1 ? '1 history' : `${files.length} histories`} of the corpus would break, since the patch has nothing left for ${files.length === 1 ? 'it' : 'them'}: ${files.join(', ')}.`;
