/** Changes of a recorded history as an attacker, a bug or a bad tool would make them. */

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Path = (string | number)[];

export interface Change {
  history: Json;
  /** The changes, for people. */
  description: string;
}

/** Values that hardly any field expects. */
const ODD: readonly Json[] = [
  ...[null, true, 0, -1, 1.5, 2 ** 31, 2 ** 53, '', 'x', '\ud800', [], {}, [[]], { a: 1 }],
  ...['9223372036854775807', '-5', '2030-01-01T00:00:00Z', '86400000000s', '-3s'],
];
const STEPS = [1, -1, 10, 1e10];

/** Makes one or two changes to a history, which it may reuse. */
export function changedHistory(history: { events: Json[] }, next: () => number): Change {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  const count = 1 + Math.floor(next() * 2);
  const descriptions = Array.from({ length: count }, () => pick(CHANGES)(history, pick));
  return { history, description: descriptions.join('; ') };
}

type Pick = <T>(list: readonly T[]) => T;
type ChangeOne = (history: { events: Json[] }, pick: Pick) => string;

const CHANGES: readonly ChangeOne[] = [remove, retype, move, renumber, swap];

function remove(history: Json, pick: Pick): string {
  const path = pick(pathsIn(history));
  const holder = valueAt(history, path.slice(0, -1));
  if (Array.isArray(holder)) holder.splice(Number(path.at(-1)), 1);
  else delete (holder as { [key: string]: Json })[String(path.at(-1))];
  return `${path.join('.')} removed`;
}

function retype(history: Json, pick: Pick): string {
  const path = pick(pathsIn(history));
  const value = pick(ODD);
  put(history, path, value);
  return `${path.join('.')} = ${JSON.stringify(value)}`;
}

function move(history: Json, pick: Pick): string {
  const [to, from] = [pick(pathsIn(history)), pick(pathsIn(history))];
  put(history, to, structuredClone(valueAt(history, from) ?? null));
  return `${to.join('.')} = ${from.join('.')}`;
}

function renumber(history: Json, pick: Pick): string {
  const paths = pathsIn(history).filter((path) => /^\d+$/.test(String(valueAt(history, path))));
  if (paths.length === 0) return 'no number';
  const path = pick(paths);
  const old = valueAt(history, path);
  const value = Number(old) + pick(STEPS);
  put(history, path, typeof old === 'string' ? String(value) : value);
  return `${path.join('.')} = ${value}`;
}

/** Swaps two events, with their ids in order. */
function swap({ events }: { events: Json[] }, pick: Pick): string {
  const indexes = [...(Array.isArray(events) ? events : []).keys()];
  if (indexes.length < 2) return 'no events';
  const [a, b] = [pick(indexes), pick(indexes)];
  [events[a], events[b]] = [events[b]!, events[a]!];
  const [first, second] = [events[a], events[b]] as [{ eventId?: Json }?, { eventId?: Json }?];
  if (first && second && typeof first === 'object' && typeof second === 'object')
    [first.eventId, second.eventId] = [second.eventId ?? null, first.eventId ?? null];
  return `events ${a} and ${b} swapped`;
}

/** Returns the path of every value below a value. */
function pathsIn(value: Json, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return path.length === 0 ? [['events']] : [];
  const below = Object.entries(value).flatMap(([key, child]) => {
    const here = [...path, Array.isArray(value) ? Number(key) : key];
    return [here, ...pathsIn(child, here)];
  });
  return path.length === 0 && below.length === 0 ? [['events']] : below;
}

const valueAt = (value: Json, path: Path): Json =>
  path.reduce<Json>((at, key) => (at as { [key: string]: Json } | null)?.[key] ?? null, value);

function put(history: Json, path: Path, value: Json): void {
  const holder = valueAt(history, path.slice(0, -1));
  if (typeof holder === 'object' && holder !== null)
    (holder as { [key: string]: Json })[String(path.at(-1))] = value;
}
