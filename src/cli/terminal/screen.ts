import supportsHyperlinks from 'supports-hyperlinks';
import { type Screen, openScreen } from '../../report/screen';
import { keepStdoutForReport, writeToStdout } from './standard-output';

/** Returns a screen on the process's own streams. Standard output carries only the report from then on. */
export function processScreen(): Screen {
  keepStdoutForReport();
  const { stdout, stderr, env } = process;
  return openScreen(
    { out: (text) => writeToStdout(text), err: (text) => void stderr.write(text) },
    {
      isTerminal: stderr.isTTY === true && env['TERM'] !== 'dumb',
      color: wantsColor(env, stdout.isTTY === true),
      // A terminal of unknown size has 0 columns.
      ...(stdout.columns > 0 && { columns: stdout.columns }),
      ...(stderr.columns > 0 && { errColumns: stderr.columns }),
      hyperlinks: stdout.isTTY === true && supportsHyperlinks.stdout,
    },
  );
}

/** Calls a function when all that standard output was given is written. */
export const whenWritten = (then: () => void): void => writeToStdout('', then);

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
