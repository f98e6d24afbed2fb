import supportsHyperlinks from 'supports-hyperlinks';
import type { Screen } from '../../report/reporter';

/** Returns a screen on the process's own streams. Standard output carries only the report. */
export function processScreen(): Screen {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true && process.env['TERM'] !== 'dumb',
    color: wantsColor(process.env, process.stdout.isTTY === true),
    // A terminal of unknown size has 0 columns.
    ...(process.stdout.columns > 0 && { columns: process.stdout.columns }),
    ...(process.stderr.columns > 0 && { errColumns: process.stderr.columns }),
    hyperlinks: process.stdout.isTTY === true && supportsHyperlinks.stdout,
  };
}

/**
 * Returns true if a report has colors. A non-empty `NO_COLOR` (no-color.org) switches them off. A non-empty `FORCE_COLOR`
 * (force-color.org) switches them on, or off if it is `0` or `false`. By default, a terminal has colors unless `TERM` is `dumb`.
 */
export function wantsColor(env: Readonly<NodeJS.ProcessEnv>, isTerminal: boolean): boolean {
  if (env['NO_COLOR']) return false;
  const forced = env['FORCE_COLOR'];
  if (forced) return forced !== '0' && forced !== 'false';
  return isTerminal && env['TERM'] !== 'dumb';
}
