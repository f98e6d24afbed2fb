import { MAX_DEPTH, areSameJson, withBoundedDepth } from '../../util/bounded-depth';
import { type Payload, encodingOf, payloadValueOf } from '../../temporal/payload-value';

export type { Payload } from '../../temporal/payload-value';

/** A difference between two values, at a path within them. */
export interface ValueDifference {
  path: string;
  recorded: unknown;
  produced: unknown;
}

// protobufjs sets absent bytes to an empty array.
const sameBytes = (a: Uint8Array | null | undefined, b: Uint8Array | null | undefined): boolean =>
  (a?.length ?? 0) === (b?.length ?? 0) && (!a?.length || Buffer.compare(a, b!) === 0);

/** Compares two lists of payloads, such as a recorded and a produced input. */
export function diffPayloads(
  path: string,
  recorded: readonly Payload[],
  produced: readonly Payload[],
): ValueDifference[] {
  const differences: ValueDifference[] = [];
  const length = Math.max(recorded.length, produced.length);
  for (let i = 0; i < length; i++)
    differences.push(...diffPayload(length === 1 ? path : `${path}[${i}]`, recorded[i], produced[i]));
  return differences;
}

export function diffPayload(path: string, recorded?: Payload, produced?: Payload): ValueDifference[] {
  if (
    recorded &&
    produced &&
    sameBytes(recorded.data, produced.data) &&
    encodingOf(recorded) === encodingOf(produced)
  )
    return [];
  return diffValues(path, payloadValueOf(recorded), payloadValueOf(produced));
}

/** Compares payloads by key, such as memo fields. */
export function diffPayloadMaps(
  path: string,
  recorded: Readonly<Record<string, Payload>> | null | undefined,
  produced: Readonly<Record<string, Payload>> | null | undefined,
): ValueDifference[] {
  const keys = new Set([...Object.keys(recorded ?? {}), ...Object.keys(produced ?? {})]);
  return [...keys].flatMap((key) => diffPayload(joinPath(path, key), recorded?.[key], produced?.[key]));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const joinPath = (path: string, key: string): string =>
  /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;

/**
 * Returns every leaf in which two JSON values differ; a key that is absent on one side counts as undefined there. Values that
 * are nested deeper than a report can show differ as a whole.
 */
export function diffValues(path: string, recorded: unknown, produced: unknown, depth = 0): ValueDifference[] {
  if (Object.is(recorded, produced)) return [];
  if (depth === MAX_DEPTH)
    return areSameJson(recorded, produced) ? [] : [differenceAt(path, recorded, produced)];
  if (isRecord(recorded) && isRecord(produced)) {
    const keys = new Set([...Object.keys(recorded), ...Object.keys(produced)]);
    return [...keys].flatMap((key) =>
      diffValues(joinPath(path, key), recorded[key], produced[key], depth + 1),
    );
  }
  if (Array.isArray(recorded) && Array.isArray(produced)) {
    const length = Math.max(recorded.length, produced.length);
    return Array.from({ length }, (_, i) =>
      diffValues(`${path}[${i}]`, recorded[i], produced[i], depth + 1),
    ).flat();
  }
  return [differenceAt(path, recorded, produced)];
}

const differenceAt = (path: string, recorded: unknown, produced: unknown): ValueDifference => ({
  path,
  recorded: withBoundedDepth(recorded ?? null),
  produced: withBoundedDepth(produced ?? null),
});
