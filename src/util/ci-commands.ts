/** Matches up to the bracket of `##[error]`, which GitHub's runner takes anywhere in a line, and of `##vso[…]`, as Azure's does. */
const TAG = /(##\w*)(?=\[)/g;

/** Matches the first colon of `::error::` after blanks and colours: the runner takes commands of this form at the start of a line. */
// eslint-disable-next-line no-control-regex -- colours start with an escape character
const COMMAND = /^((?:[^\S\n]|\u001b\[[\d;]*m)*:)(?=:)/gm;

/**
 * Returns text in which no CI runner finds a command: a backslash stands within what would be one. A runner reads all output of a
 * job, also where no variable of the environment names it, as in a container.
 */
export const withoutCommands = (text: string): string => withoutTags(text.replace(COMMAND, '$1\\'));

/** Returns text without the commands of a runner that stand anywhere in a line. */
export const withoutTags = (text: string): string => text.replace(TAG, '$1\\');

/** Returns text for a format with character escapes: a bracket and a colon of what would be a command are replaced by theirs. */
export const withEscapedCommands = (text: string, escapes: { bracket: string; colon: string }): string =>
  text.replace(/(##\w*)\[/g, `$1${escapes.bracket}`).replace(/:(?=:)/g, escapes.colon);
