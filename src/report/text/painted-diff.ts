import type { Paint } from './paint';

/** Returns the lines of a diff, as `git diff` paints them. */
export const paintedDiff = (diff: string, paint: Paint): string[] =>
  diff
    .trimEnd()
    .split('\n')
    .map((line) => {
      if (/^(---|\+\+\+)/.test(line)) return paint.bold(line);
      if (line.startsWith('+')) return paint.green(line);
      if (line.startsWith('-')) return paint.red(line);
      return paint.dim(line);
    });
