import type { EncodedSourceMap, TraceMap } from '@jridgewell/trace-mapping';
import type { SourceLocation } from '../../model/source';
import type { RawFrame } from '../pool/busy-stack';
import { isOwnSource } from '../../source/own-source';
import { readInlineSourceMap } from '../../source/source-map';
import { type Frame, locationsOf, ownCalls } from './command-stacks';

/**
 * Returns a function that finds the user's own calls in a stack of generated code. It reads the inline source map of a bundle
 * when a stack first needs it.
 */
export function placesOfBundles(
  bundlePaths: readonly string[],
): (stack: readonly RawFrame[]) => SourceLocation[] {
  const maps = new Map<string, TraceMap | null>();
  const mapOf = (path: string): TraceMap | null => {
    if (!bundlePaths.includes(path)) return null;
    if (!maps.has(path)) maps.set(path, traceMapOf(path));
    return maps.get(path)!;
  };
  return (stack) => locationsOf(ownCalls(stack.flatMap((frame) => sourceFrame(frame, mapOf) ?? [])));
}

/** Loads the library on demand: only a history whose replay did not end needs it. */
const traceMapping = (): typeof import('@jridgewell/trace-mapping') =>
  require('@jridgewell/trace-mapping') as typeof import('@jridgewell/trace-mapping');

function sourceFrame(
  { file, line, column, function: name }: RawFrame,
  mapOf: (path: string) => TraceMap | null,
): Frame | null {
  const map = mapOf(file);
  const original = map && traceMapping().originalPositionFor(map, { line: line + 1, column });
  if (!original || original.source === null) return null;
  return {
    file: original.source,
    line: original.line,
    column: original.column + 1,
    function: name || null,
    isOwn: isOwnSource(original.source),
  };
}

function traceMapOf(bundlePath: string): TraceMap | null {
  const map = readInlineSourceMap(bundlePath);
  const { TraceMap } = traceMapping();
  try {
    return map && new TraceMap(map as EncodedSourceMap);
  } catch {
    return null;
  }
}
