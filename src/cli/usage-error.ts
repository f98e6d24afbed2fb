import type { Argv } from 'yargs';
import { TemporalReplayError } from '../errors';
import { nearestName } from '../util/nearest-name';

const NO_VALUE = /^Not enough arguments following: (.+)$/;
const UNKNOWN = /^Unknown arguments?: (.+)$/;

/** Returns the error of a flag that is given without a value, or with one that is no number where a number is due. */
export const flagWithoutValue = (flag: string): TemporalReplayError =>
  new TemporalReplayError('USAGE', `--${flag} has no valid value.`, {
    hint: 'Give it one. If the value comes from a variable, check that it is set.',
  });

/**
 * Returns a USAGE error for a message of yargs. yargs reports an unknown command as an unknown argument, and an unknown flag in
 * each of its spellings.
 */
export function usageError(
  message: string,
  parser: Argv,
  { command, commands }: { command: string | undefined; commands: readonly string[] },
): TemporalReplayError {
  if (message.startsWith('Not enough non-option arguments'))
    return new TemporalReplayError('USAGE', `replay ${command} is missing an argument.`, helpOf(command));
  const [, flag] = NO_VALUE.exec(message) ?? [];
  if (flag !== undefined) return flagWithoutValue(flag);
  const [, names] = UNKNOWN.exec(message) ?? [];
  if (names === undefined) return new TemporalReplayError('USAGE', message);
  const given = names.split(', ');
  const unknown = given.filter((name) => !given.some((other) => other !== name && camelCase(other) === name));
  const [first] = unknown as [string];
  const isCommand = command === first;
  const known = isCommand ? commands : flagsIn(parser.help() as unknown as string);
  const nearest = nearestName(first, known);
  const hint = nearest === undefined ? '' : ` Did you mean ${isCommand ? '' : '--'}${nearest}?`;
  const what = isCommand ? 'command' : unknown.length > 1 ? 'arguments' : 'argument';
  return new TemporalReplayError(
    'USAGE',
    `Unknown ${what}: ${unknown.join(', ')}.${hint}`,
    isCommand || !commands.includes(command ?? '') ? {} : helpOf(command),
  );
}

const helpOf = (command: string | undefined): { hint: string } => ({
  hint: `See \`replay ${command} --help\`.`,
});

/** Returns the flags in a help text. In a `fail` handler `help()` returns that text, which its types do not say. */
const flagsIn = (help: string): string[] => [...help.matchAll(/^ +--([a-z-]+)/gm)].map(([, name]) => name!);

const camelCase = (name: string): string =>
  name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
