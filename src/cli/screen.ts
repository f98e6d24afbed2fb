import supportsHyperlinks from 'supports-hyperlinks';
import colors from 'picocolors';
import type { Screen } from '../report/reporter';

/** The process's own streams. Standard output carries the report and nothing else. */
export function processScreen(): Screen {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
    ...(process.stdout.isTTY && { columns: process.stdout.columns }),
    hyperlinks: process.stdout.isTTY === true && supportsHyperlinks.stdout,
    color:
      colors.isColorSupported && process.stdout.isTTY === true
        ? true
        : process.env['FORCE_COLOR'] !== undefined,
  };
}
