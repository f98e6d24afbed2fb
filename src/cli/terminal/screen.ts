import supportsHyperlinks from 'supports-hyperlinks';
import type { Screen } from '../../report/reporter';

/** The process's own streams. Standard output carries the report and nothing else. */
export function processScreen(): Screen {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true && process.env['TERM'] !== 'dumb',
    color: wantsColor(process.env, process.stdout.isTTY === true),
    // A terminal that doesn't know its size says 0.
    ...(process.stdout.columns > 0 && { columns: process.stdout.columns }),
    ...(process.stderr.columns > 0 && { errColumns: process.stderr.columns }),
    hyperlinks: process.stdout.isTTY === true && supportsHyperlinks.stdout,
  };
}

/**
 * Whether a report is coloured: `NO_COLOR` (no-color.org) says no, `FORCE_COLOR` (force-color.org) yes, or no with `0`;
 * an empty one says nothing. Else a terminal is, unless it calls itself dumb.
 */
export function wantsColor(env: Readonly<NodeJS.ProcessEnv>, isTerminal: boolean): boolean {
  if (env['NO_COLOR']) return false;
  const forced = env['FORCE_COLOR'];
  if (forced) return forced !== '0' && forced !== 'false';
  return isTerminal && env['TERM'] !== 'dumb';
}
