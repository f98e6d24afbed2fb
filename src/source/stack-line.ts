/** A call of a stack trace; `line` and `column` are as the trace has them. */
export interface StackCall {
  file: string;
  line: number;
  column: number;
  function: string | null;
}

const STACK_LINE = /^\s*at (?:async )?(?:(.*?) \()?(.+?):(\d+):(\d+)\)?$/;

/** Parses a line of a stack trace, such as `    at processOrder (src/workflows.ts:12:3)`; null for another line. */
export function parseStackLine(text: string): StackCall | null {
  const match = STACK_LINE.exec(text);
  if (!match) return null;
  const [, name, file, line, column] = match;
  return { file: file!, line: Number(line), column: Number(column), function: name ?? null };
}
