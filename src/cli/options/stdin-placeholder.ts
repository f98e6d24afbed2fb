/** Stands for `-` on its way through yargs 17, which drops it from a list of positionals. */
export const STDIN_PLACEHOLDER = 'standard-input:';
