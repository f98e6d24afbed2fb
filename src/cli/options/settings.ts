import type { FlagArgs } from '../../options/flags';
import { type Settings, readSettings } from '../../options/read-settings';
import { refuseRepeatedFlags } from './repeated-flags';

/** Checks the arguments of a command and merges them with the config file. @throws USAGE, CONFIG_NOT_FOUND, CONFIG_INVALID */
export async function settingsOf(args: FlagArgs<'baseline'>, cwd: string): Promise<Settings> {
  refuseRepeatedFlags(args);
  return readSettings(args, cwd);
}
