import type { EncodedSourceMap } from '@jridgewell/trace-mapping';
import { isOwnSource } from '../source/own-source';
import { relativeFile } from '../source/relative-location';
import { inlineSourceMapOf } from '../source/source-map';
import { parseStackLine } from '../source/stack-line';

/**
 * Returns the innermost call in the user's own code from which an error came while a bundle was loaded, as `src/workflows.ts:12:3`;
 * null if it is not known.
 *
 * @param filename the name that the bundle's code was run under
 */
export function placeOfError(err: unknown, code: string, filename: string): string | null {
  const { stack } = (err ?? {}) as { stack?: unknown };
  const map = inlineSourceMapOf(code);
  if (typeof stack !== 'string' || map === null) return null;
  const { TraceMap, originalPositionFor } =
    require('@jridgewell/trace-mapping') as typeof import('@jridgewell/trace-mapping');
  const traceMap = new TraceMap(map as EncodedSourceMap);
  for (const text of stack.split('\n')) {
    const call = parseStackLine(text);
    if (call?.file !== filename) continue;
    const { source, line, column } = originalPositionFor(traceMap, {
      line: call.line,
      column: call.column - 1,
    });
    if (source !== null && isOwnSource(source))
      return `${relativeFile(source, process.cwd())}:${line}:${column + 1}`;
  }
  return null;
}
