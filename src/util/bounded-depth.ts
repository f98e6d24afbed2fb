/** Depth up to which a value is shown. JSON can be written and sent to other processes up to some thousands of levels. */
export const MAX_DEPTH = 100;

const CUT = `(nested more than ${MAX_DEPTH} levels deep)`;

/** Returns a value of JSON with a note in the place of what is nested too deep to be written as text. */
export const withBoundedDepth = (value: unknown): unknown =>
  isDeeper(value, MAX_DEPTH) ? cutAt(value, MAX_DEPTH) : value;

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;

function isDeeper(value: unknown, depth: number): boolean {
  if (!isContainer(value)) return false;
  return depth === 0 || Object.values(value).some((one) => isDeeper(one, depth - 1));
}

function cutAt(value: unknown, depth: number): unknown {
  if (!isContainer(value)) return value;
  if (depth === 0) return CUT;
  if (Array.isArray(value)) return value.map((one) => cutAt(one, depth - 1));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cutAt(one, depth - 1)]));
}

/** Returns true if two values of JSON are the same, however deep they are nested. */
export function areSameJson(a: unknown, b: unknown): boolean {
  const due: [unknown, unknown][] = [[a, b]];
  for (let pair = due.pop(); pair !== undefined; pair = due.pop()) {
    const [one, other] = pair;
    if (Object.is(one, other)) continue;
    if (!isContainer(one) || !isContainer(other) || Array.isArray(one) !== Array.isArray(other)) return false;
    const keys = Object.keys(one);
    if (keys.length !== Object.keys(other).length) return false;
    for (const key of keys) {
      if (!Object.hasOwn(other, key)) return false;
      due.push([(one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]]);
    }
  }
  return true;
}
