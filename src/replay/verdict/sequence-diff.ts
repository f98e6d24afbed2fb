/** An element of a sequence. `key` identifies it; `content` tells elements with one key apart, such as timers by length. */
export interface Element {
  key: string;
  content: string;
}

export type DiffStep<R extends Element, P extends Element> =
  { op: 'same'; recorded: R; produced: P } | { op: 'removed'; recorded: R } | { op: 'added'; produced: P };

/** Limit for each side; the rest is not compared, since the first difference is what matters. */
const MAX_LENGTH = 500;
const SAME_KEY = 2;
const SAME_CONTENT = 1;

/** Returns the steps between both sides by their longest common subsequence of keys; it prefers to match equal contents. */
export function diffSequences<R extends Element, P extends Element>(
  recorded: readonly R[],
  produced: readonly P[],
): DiffStep<R, P>[] {
  const before = recorded.slice(0, MAX_LENGTH);
  const after = produced.slice(0, MAX_LENGTH);
  const score = scores(before, after);
  const steps: DiffStep<R, P>[] = [];
  let [i, j] = [0, 0];
  while (i < before.length && j < after.length) {
    const [was, is] = [before[i]!, after[j]!];
    const gain = gainOf(was, is);
    if (gain > 0 && score[i]![j] === score[i + 1]![j + 1]! + gain) {
      steps.push({ op: 'same', recorded: was, produced: is });
      i++;
      j++;
    } else if (score[i + 1]![j]! >= score[i]![j + 1]!) {
      steps.push({ op: 'removed', recorded: was });
      i++;
    } else {
      steps.push({ op: 'added', produced: is });
      j++;
    }
  }
  steps.push(...before.slice(i).map((item) => ({ op: 'removed' as const, recorded: item })));
  steps.push(...after.slice(j).map((item) => ({ op: 'added' as const, produced: item })));
  return steps;
}

const gainOf = (was: Element, is: Element): number =>
  was.key !== is.key ? 0 : SAME_KEY + (was.content === is.content ? SAME_CONTENT : 0);

/** Returns the best score that the elements from `i` and from `j` on can reach, as `scores[i][j]`. */
function scores(before: readonly Element[], after: readonly Element[]): Uint32Array[] {
  const rows = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--) {
      const gain = gainOf(before[i]!, after[j]!);
      const kept = gain > 0 ? rows[i + 1]![j + 1]! + gain : 0;
      rows[i]![j] = Math.max(kept, rows[i + 1]![j]!, rows[i]![j + 1]!);
    }
  return rows;
}
