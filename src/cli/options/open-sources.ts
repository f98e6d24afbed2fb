import type { FlagArgs } from '../../options/flags';
import { mergeConnection } from '../../options/merge';
import type { Settings } from '../../options/read-settings';
import { type HistorySources, historiesInFiles, historiesOfQuery } from '../../run/history-sources';

/** Opens the histories that the arguments or the config file name: files, or the runs of a query. @throws NO_HISTORIES */
export async function openSources(
  args: FlagArgs<'connection' | 'replay'>,
  { config, cwd }: Settings,
  signal: AbortSignal,
): Promise<HistorySources> {
  const { query, limit } = args;
  if (query === undefined) {
    const histories = await historiesInFiles(config.histories, cwd, signal);
    return { total: histories.length, histories };
  }
  const selection = { query, ...(limit !== undefined && { limit }) };
  return {
    total: null,
    histories: historiesOfQuery({ ...mergeConnection(args, config), ...selection, signal }),
  };
}
