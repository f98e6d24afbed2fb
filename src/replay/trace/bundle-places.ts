import { readFileSync } from 'node:fs';
import type { EncodedSourceMap, TraceMap } from '@jridgewell/trace-mapping';
import type { SourceLocation } from '../../model/source';
import type { RawFrame } from '../pool/busy-stack';
import { type Frame, isPackageFile, locationsOf, ownCalls } from './command-stacks';

/** The calls of a stack that are the user's own, by the inline source maps of the bundles, which are read when they are needed. */
export function placesOfBundles(
  bundlePaths: readonly string[],
): (stack: readonly RawFrame[]) => SourceLocation[] {
  const maps = new Map<string, TraceMap | null>();
  const mapOf = (path: string): TraceMap | null => {
    if (!bundlePaths.includes(path)) return null;
    if (!maps.has(path)) maps.set(path, readSourceMap(path));
    return maps.get(path)!;
  };
  return (stack) => locationsOf(ownCalls(stack.flatMap((frame) => sourceFrame(frame, mapOf) ?? [])));
}

/** Loaded where a history did not end: no other needs it. */
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
    isPackage: isPackageFile(original.source),
  };
}

function readSourceMap(bundlePath: string): TraceMap | null {
  try {
    const code = readFileSync(bundlePath, 'utf8');
    const comment = code.lastIndexOf('//# sourceMappingURL=data:');
    if (comment === -1) return null;
    const data = code.slice(code.indexOf('base64,', comment) + 'base64,'.length).trim();
    const { TraceMap } = traceMapping();
    return new TraceMap(JSON.parse(Buffer.from(data, 'base64').toString()) as EncodedSourceMap);
  } catch {
    return null;
  }
}
