const write = process.stdout.write.bind(process.stdout);

/** Writes to standard output, and calls `done` once the text has left the process. */
export const writeToStdout = (text: string, done?: () => void): void => void write(text, done);

/**
 * Sends everything else that is written to standard output to standard error: a module of the user that prints while it is loaded would
 * otherwise stand in the middle of a JSON report.
 */
export function keepStdoutForReport(): void {
  process.stdout.write = process.stderr.write.bind(process.stderr);
}
