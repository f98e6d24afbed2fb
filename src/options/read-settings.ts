import type { FlagArgs } from './flags';
import { loadConfigFile } from './load-config-file';
import { type MergedConfig, mergeConfig } from './merge';

/** The options of a command, from its arguments and the config file. */
export interface Settings {
  /** Merged options. Relative paths are relative to `cwd`. */
  config: MergedConfig;
  /** Directory of the config file. */
  configDir: string;
  cwd: string;
}

/** Loads the config file of a command and merges it with the command's arguments. @throws CONFIG_NOT_FOUND, CONFIG_INVALID */
export async function readSettings(args: FlagArgs<'baseline'>, cwd: string): Promise<Settings> {
  const file = await loadConfigFile(cwd, args.config);
  return { config: mergeConfig(args, file, cwd), configDir: file.dir, cwd };
}
