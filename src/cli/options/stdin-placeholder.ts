/** Stands for `-` while yargs 17 parses the arguments, because yargs drops `-` from a list of positionals. */
const STDIN_PLACEHOLDER = 'standard-input:';

/** Replaces each `-` by a placeholder that yargs keeps. */
export const withPlaceholder = (args: readonly string[]): string[] =>
  args.map((arg) => (arg === '-' ? STDIN_PLACEHOLDER : arg));

/** Returns the paths with `-` in place of the placeholder. */
export const withoutPlaceholder = (paths: readonly string[]): string[] =>
  paths.map((path) => (path === STDIN_PLACEHOLDER ? '-' : path));
