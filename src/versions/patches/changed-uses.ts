import type { TSESTree } from '@typescript-eslint/types';
import type { WrongUse } from '../../model/patches';
import type { Node } from '../../source/parse';
import type { CodePatchCall } from './code-patches';
import { type LineCommits, commitsOfLines } from './line-commits';
import { useOf } from './wrong-uses';

/** Returns the wrong uses that the commits of the lines tell, by the ids of their patches. Without git there are none. */
export async function changedUsesOf(
  calls: readonly CodePatchCall[],
): Promise<ReadonlyMap<string, WrongUse[]>> {
  const files = [...new Set(calls.map(({ found }) => found.file))];
  const commits = new Map(
    await Promise.all(files.map(async (file) => [file, await commitsOfLines(file)] as const)),
  );
  const commitAt = (file: string, line: number): string | null => commits.get(file)?.get(line) ?? null;
  const uses = new Map<string, WrongUse[]>();
  const add = (id: string, use: WrongUse): void => void uses.set(id, [...(uses.get(id) ?? []), use]);
  const live = calls.filter(({ call }) => call === 'patched');
  for (const call of live) {
    if (call.id === null) continue;
    const { file, line } = call.found;
    const first = live.find(({ id }) => id === call.id)!;
    const own = commitAt(file, line);
    const other = commitAt(first.found.file, first.found.line);
    if (own !== null && other !== null && own !== other) add(call.id, useOf('two changes', call));
    if (own !== null && areSwapped(call, own, commits.get(file)!))
      add(call.id, useOf('swapped branches', call));
  }
  return uses;
}

/** Returns true if the code that was written with a call stands in its old branch, and older code in the new one. */
function areSwapped(
  { found: { ancestors, node } }: CodePatchCall,
  own: string,
  commits: LineCommits,
): boolean {
  const branches = branchesOf(ancestors, node);
  if (branches === null) return false;
  const isOwn = (branch: Node): boolean[] => linesOf(branch, node).map((line) => commits.get(line) === own);
  const [old, now] = [isOwn(branches.old), isOwn(branches.now)];
  return old.length > 0 && now.length > 0 && old.every(Boolean) && !now.some(Boolean);
}

/** Returns the branches of the `if` whose whole test is a call, or a call that is negated; null for another use. */
function branchesOf(ancestors: readonly Node[], call: Node): { old: Node; now: Node } | null {
  const outer = [...ancestors].reverse();
  let isNegated = false;
  let test: Node = call;
  while (outer[0]?.type === 'UnaryExpression' && outer[0].operator === '!') {
    isNegated = !isNegated;
    test = outer.shift()!;
  }
  const [parent] = outer as (TSESTree.IfStatement | undefined)[];
  if (parent?.type !== 'IfStatement' || parent.test !== test || !parent.alternate) return null;
  const { consequent, alternate } = parent;
  return isNegated ? { old: consequent, now: alternate } : { old: alternate, now: consequent };
}

/** Returns the lines of the statements in a branch. A line that it shares with the test belongs to neither branch. */
function linesOf(branch: Node, test: Node): number[] {
  const statements = branch.type === 'BlockStatement' ? branch.body : [branch];
  return statements.flatMap(({ loc }) =>
    Array.from({ length: loc.end.line - loc.start.line + 1 }, (_, i) => loc.start.line + i).filter(
      (line) => line !== test.loc.start.line,
    ),
  );
}
