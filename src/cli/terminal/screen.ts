import supportsHyperlinks from 'supports-hyperlinks';
import { type Screen, openScreen } from '../../report/screen';
import { keepStdoutForReport, writeToStdout } from './standard-output';

let opened: Screen | undefined;

/** Returns the one screen on the process's own streams. Standard output carries only the report from then on. */
export const processScreen = (): Screen => (opened ??= openProcessScreen());

function openProcessScreen(): Screen {
  keepStdoutForReport();
  const { stdout, stderr, env } = process;
  return openScreen(
    { out: (text) => writeToStdout(text), err: (text) => void stderr.write(text) },
    {
      isTerminal: stderr.isTTY === true && env['TERM'] !== 'dumb',
      color: wantsColor(env, stdout.isTTY === true),
      ...widthOf(stdout.columns, env),
      // A terminal of unknown size has 0 columns.
      ...(stderr.columns > 0 && { errColumns: stderr.columns }),
      hyperlinks: stdout.isTTY === true && supportsHyperlinks.stdout,
    },
  );
}

/** Width in columns below which `COLUMNS` is no width that a report can have. */
const MIN_COLUMNS = 20;

/** Returns the width of the terminal, or the one that `COLUMNS` gives to an output that is no terminal; empty if there is neither. */
export function widthOf(columns: number | undefined, env: Readonly<NodeJS.ProcessEnv>): { columns?: number } {
  if (columns !== undefined && columns > 0) return { columns };
  const given = Number(env['COLUMNS']);
  return Number.isInteger(given) && given >= MIN_COLUMNS ? { columns: given } : {};
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
