import { readTextFile } from '../../util/read-text-file';
import { makeTemporaryDirectory, removeTemporaryDirectory } from '../../util/temporary-directory';
import { type PatchRow, canAdvance } from '../../model/patches';
import { isGraver } from '../../model/verdict';
import type { ReplayOptions } from '../../options/types';
import { advancePatch } from '../../patching/advance-patch';
import { type EditedFile, editFiles } from '../../patching/edited-files';
import { inProjectStyle } from '../../patching/project-style';
import type { ReplayedCode } from '../../run/replayed-code';
import { isOwnSource } from '../../source/own-source';
import { relativeFile } from '../../source/relative-location';
import { patchesIn } from './code-patches';
import { type FaultyHistory, type InspectedPatches, type PatchScope, faultyWith } from './patches';

/** The change that moves a patch on, which was replayed. */
export interface AdvancedPatch {
  files: EditedFile[];
  /** Histories of the corpus that break by the change, since they are of runs that took the old branch. They have to go with it. */
  outdated: string[];
  /** Files of outdated histories that have others too. */
  shared: string[];
}

/** The reason why a patch stays as it is. */
export interface StayingPatch {
  reason: string;
}

/** The conditions under which a patch moves on. */
export interface AdvanceRules {
  /** Moves on although closed runs need the code as it is, so that a query or a reset of them fails. */
  ignoresClosed: boolean;
}

/** Moves patches of the code on, by the runs that were found to need them. */
export class PatchAdvance {
  constructor(
    private readonly options: Omit<ReplayOptions, 'histories'>,
    private readonly scope: PatchScope,
    private readonly found: InspectedPatches,
  ) {}

  /**
   * Finds the change that moves a patch on: the old branch out and `deprecatePatch()` in, or the call out. The change is replayed with
   * all histories and runs before it is returned, and nothing is written.
   *
   * @throws CLUSTER_*, and as `startReplayFor`
   */
  async changeFor(id: string, { ignoresClosed }: AdvanceRules): Promise<AdvancedPatch | StayingPatch> {
    const row = this.found.report.patches.find((one) => one.id === id);
    const obstacle = obstacleOf(id, row, ignoresClosed);
    if (obstacle !== null) return { reason: obstacle };
    const advanced = advancePatch(
      id,
      patchesIn(this.found.code).calls.map(({ found }) => found),
      { files: ownFilesOf(this.found.code), textOf: readTextFile },
    );
    if ('reason' in advanced) return { reason: this.placed(advanced.reason, advanced.at) };
    const outdated = new Set(row?.histories);
    let reason = '';
    for (const candidate of advanced.candidates) {
      const edits = await inProjectStyle(candidate.edits, readTextFile);
      const files = await editFiles(edits, this.options.cwd ?? process.cwd());
      const broken = await this.brokenBy(files);
      const held = broken.filter(
        ([file, { group }]) => !(ignoresClosed && group === 'closed') && !outdated.has(file),
      );
      if (held.length === 0) return { files, outdated: [...outdated], shared: this.sharedAmong(outdated) };
      reason = brokenText(held.map(([file]) => file));
    }
    return { reason };
  }

  private placed(reason: string, at: { file: string; line: number | null } | null): string {
    if (at === null) return reason;
    const file = relativeFile(at.file, this.options.cwd ?? process.cwd());
    return `${file}${at.line === null ? '' : `:${at.line}`}: ${reason}`;
  }

  private sharedAmong(histories: ReadonlySet<string>): string[] {
    const { sharedFiles } = this.found;
    return [...new Set([...histories].flatMap((history) => sharedFiles.get(history) ?? []))];
  }

  /** Returns the histories that are worse off with changed files than before. */
  private async brokenBy(files: readonly EditedFile[]): Promise<[string, FaultyHistory][]> {
    const bundleDir = makeTemporaryDirectory('advice');
    try {
      const texts = new Map(files.map(({ path, after }) => [path, after]));
      const faulty = await faultyWith({ texts, bundleDir }, this.options, this.scope);
      return [...faulty].filter(([file, { verdict }]) =>
        isGraver(verdict, this.found.faulty.get(file)?.verdict ?? 'compatible'),
      );
    } finally {
      await removeTemporaryDirectory(bundleDir);
    }
  }
}

const ownFilesOf = (code: readonly ReplayedCode[]): string[] => [
  ...new Set(code.flatMap(({ inputs }) => inputs.filter(isOwnSource))),
];

/** Returns the reason why a patch cannot move on by its stage; null if there is none. */
function obstacleOf(id: string, row: PatchRow | undefined, ignoresClosed: boolean): string | null {
  if (row === undefined) return `The code has no patch ${id}.`;
  const { stage, calls, heldBackBy } = row;
  if (calls.length === 0) return `The code has no call of ${id}: ${row.next}.`;
  if (canAdvance(stage)) return null;
  const isClosedAlone = heldBackBy.open === 0 && heldBackBy.closed > 0 && stage !== 'new';
  if (isClosedAlone && ignoresClosed) return null;
  const way = isClosedAlone ? ' --ignore-closed does it all the same.' : '';
  return `The patch is ${stage}: ${row.next}.${way}`;
}

const SHOWN = 3;

function brokenText(files: readonly string[]): string {
  const more = files.length - SHOWN;
  const names = files.slice(0, SHOWN).join(', ');
  return `With the change, ${files.length === 1 ? 'this breaks' : `${files.length} runs or histories break`}: ${names}${more > 0 ? ` and ${more} more` : ''}.`;
}
