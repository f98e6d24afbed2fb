import type { FailureGroup } from '../model/diagnosis';
import type { DiagnosedReport } from '../model/report';
import { type FailureOptions, isGraver } from '../model/verdict';
import { type Fix, compatibleFixes, fixesIn } from './choose-fixes';
import { type EditedFile, editFiles } from '../patching/edited-files';
import { restore, writeEdited } from './write-edited';

/** The answer to a proposed fix. */
export type FixDecision =
  | 'write'
  | 'skip'
  /** The code or the baseline has changed: replay again. */
  | 'again'
  | 'stop';

/** The parts of a repair that differ between the command and other callers. */
export interface FixStages extends FailureOptions {
  /** The directory that files of reports are relative to. */
  cwd: string;
  signal: AbortSignal;
  /** Replays all histories against the code as it is on disk. */
  replay(): Promise<DiagnosedReport>;
  /** Decides on a fix. */
  decide(fix: Fix, files: readonly EditedFile[]): Promise<FixDecision>;
  /** Decides on a cause that has no fix. Without it, such a cause is skipped. */
  decideWithout?(group: FailureGroup): Promise<Exclude<FixDecision, 'write'>>;
}

/** The outcome of a repair. */
export interface FixOutcome {
  /** Fixes that were written and hold. */
  kept: Fix[];
  /** Fixes that were written and taken back, since they did not hold. */
  undone: Fix[];
  /** Paths of the files that were changed. */
  files: string[];
  /** The last report, of the code as it is now. */
  report: DiagnosedReport;
}

/**
 * Replays histories, and writes the fixes of what fails, as far as they are wanted. After each write all histories are replayed
 * again: only what mends its histories and leaves all others alone stays. An abort takes back what is not verified yet.
 *
 * @throws TemporalReplayError OUTPUT_FAILED, and what `replay` throws
 */
export async function fixHistories(stages: FixStages): Promise<FixOutcome> {
  const { replay, signal } = stages;
  const outcome: FixOutcome = { kept: [], undone: [], files: [], report: await replay() };
  const settled = new Set<string>();
  let isAlone = false;
  while (!signal.aborted) {
    const wanted = await decideOn(outcome.report, settled, stages);
    if (wanted === 'stop') break;
    if (wanted === 'again') {
      outcome.report = await replay();
      continue;
    }
    if (wanted.length === 0) break;
    const chosen: readonly Fix[] = isAlone ? wanted.slice(0, 1) : compatibleFixes(wanted);
    const verified = await writeVerified(chosen, outcome.report, stages);
    isAlone = verified === null && chosen.length > 1;
    if (verified) {
      outcome.kept.push(...chosen);
      outcome.files = [...new Set([...outcome.files, ...verified.files])];
      outcome.report = verified.report;
    } else if (!isAlone && !signal.aborted) {
      outcome.undone.push(...chosen);
      for (const { group } of chosen) settled.add(group.fingerprint);
    }
  }
  return outcome;
}

/** Asks about each cause, and returns the fixes that are wanted. */
async function decideOn(
  report: DiagnosedReport,
  settled: Set<string>,
  { cwd, signal, decide, decideWithout, ...options }: FixStages,
): Promise<Fix[] | 'again' | 'stop'> {
  const { fixes, unfixable } = fixesIn(report, options);
  const wanted: Fix[] = [];
  for (const fix of fixes) {
    const { fingerprint } = fix.group;
    if (settled.has(fingerprint) || signal.aborted) continue;
    const decision = await decide(fix, await editFiles(fix.remedy.edits, cwd));
    if (decision === 'write') wanted.push(fix);
    else if (decision === 'skip') settled.add(fingerprint);
    else return decision;
  }
  for (const group of unfixable) {
    if (settled.has(group.fingerprint) || signal.aborted || !decideWithout) continue;
    const decision = await decideWithout(group);
    if (decision !== 'skip') return decision;
    settled.add(group.fingerprint);
  }
  return wanted;
}

/** Writes fixes and replays. Takes them back and returns null if they do not hold, or if the replay was cut short. */
async function writeVerified(
  fixes: readonly Fix[],
  before: DiagnosedReport,
  { cwd, replay }: FixStages,
): Promise<{ report: DiagnosedReport; files: string[] } | null> {
  const files = await editFiles(
    fixes.flatMap(({ remedy }) => remedy.edits),
    cwd,
  );
  await writeEdited(files);
  let holds = false;
  try {
    const report = await replay();
    holds = report.status === 'complete' && isMended(fixes, before, report);
    return holds ? { report, files: files.map(({ path }) => path) } : null;
  } finally {
    if (!holds) await restore(files);
  }
}

/** Returns true if the histories of all fixes are compatible, and if no other one is worse off than before. */
function isMended(fixes: readonly Fix[], before: DiagnosedReport, now: DiagnosedReport): boolean {
  const verdicts = new Map(now.results.map(({ file, verdict }) => [file, verdict]));
  const members = new Set(fixes.flatMap(({ group }) => group.results));
  return before.results.every(({ file, verdict }, index) => {
    const found = verdicts.get(file);
    if (found === undefined) return false;
    return members.has(index) ? found === 'compatible' : !isGraver(found, verdict);
  });
}
