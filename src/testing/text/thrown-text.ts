import type { FailedTask } from '../worker/protocol';
import { isOwnSource } from '../../source/own-source';
import { type Place, formatPlace } from '../../source/place';
import { readTextFile } from '../../util/read-text-file';

const SHOWN_CALLERS = 5;

/** Formats an error that workflow code threw: its message, its place in the code with the callers, and the code there. */
export function thrownText({ type, message, stack }: FailedTask, cwd: string): string {
  const [thrownAt, ...callers] = ownPlacesIn(stack);
  const parts = [`${type}: ${message}`];
  if (thrownAt) {
    parts.push(`  at ${formatPlace(thrownAt, cwd)}`);
    parts.push(...callers.slice(0, SHOWN_CALLERS).map((caller) => `  at ${formatPlace(caller, cwd)}`));
    const text = readTextFile(thrownAt.file);
    if (text !== null) {
      // Loaded for failures only, and by `require`, since jest's realm has no `import()`.
      const { codeFrame } = require('../../source/code-frame') as typeof import('../../source/code-frame');
      parts.push('', codeFrame(text, thrownAt));
    }
  }
  return parts.join('\n');
}

/** A stack frame: `at name (file:12:3)` or `at file:12:3`. */
const FRAME = /^\s*at (?:.*\()?(.+?):(\d+):(\d+)\)?$/;

const ownPlacesIn = (stack: string): Place[] =>
  stack.split('\n').flatMap((text) => {
    const [, file, line, column] = FRAME.exec(text) ?? [];
    return file && isOwnSource(file) && !isBundle(file)
      ? [{ file, line: Number(line), column: Number(column) }]
      : [];
  });

const isBundle = (file: string): boolean =>
  /[0-9a-f]{32}-[0-9a-f]{32}\.js$/.test(file) || file.includes('temporal-replay/lib/');
