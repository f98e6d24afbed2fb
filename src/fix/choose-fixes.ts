import { type FailureGroup, type Remedy, hasPassedTrial } from '../model/diagnosis';
import type { DiagnosedReport } from '../model/report';
import type { SourceEdit } from '../model/source';
import { type FailureOptions, resultFailsRun } from '../model/verdict';

/** A cause of failures, and the change that mends it according to its trial. */
export interface Fix {
  group: FailureGroup;
  remedy: Remedy;
}

/** Returns the causes that fail a run: those that have a change whose trial passed, and those that have none. */
export function fixesIn(
  { groups, results }: DiagnosedReport,
  options: FailureOptions,
): { fixes: Fix[]; unfixable: FailureGroup[] } {
  const fixes: Fix[] = [];
  const unfixable: FailureGroup[] = [];
  for (const group of groups) {
    const members = group.results.map((index) => results[index]!);
    if (!members.some((result) => !result.accepted && resultFailsRun(result, options))) continue;
    const passed = group.remedies.filter(hasPassedTrial);
    // A patch keeps the change for new runs; other remedies may take it back.
    const remedy = passed.find(({ code }) => code === 'patch') ?? passed[0];
    if (remedy) fixes.push({ group, remedy });
    else unfixable.push(group);
  }
  return { fixes, unfixable };
}

/** Returns the fixes, from the first one on, whose edits can be made at the same time. */
export function compatibleFixes(fixes: readonly Fix[]): Fix[] {
  const chosen: Fix[] = [];
  for (const fix of fixes) {
    const others = chosen.flatMap(({ remedy }) => remedy.edits);
    if (fix.remedy.edits.every((edit) => !others.some((other) => touch(edit, other)))) chosen.push(fix);
  }
  return chosen;
}

/** Returns true for edits of the same lines, or of lines that stand side by side. */
const touch = (a: SourceEdit, b: SourceEdit): boolean =>
  a.file === b.file && a.startLine <= b.endLine + 1 && b.startLine <= a.endLine + 1;
