import type { FlagArgs } from '../../options/flags';
import { mergeConnection } from '../../options/merge';
import type { Settings } from '../../options/read-settings';
import type { FetchedRun, FetchProgress } from '../../options/types';
import { type HistorySources, historiesInFiles, historiesOfQuery } from '../../run/history-sources';

/** Histories to replay, and the runs that a cluster listed and no longer has. */
export interface OpenSources extends HistorySources {
  gone: readonly FetchedRun[];
}

/** Opens the histories that the arguments or the config file name: files, or the runs of a query. @throws NO_HISTORIES */
export async function openSources(
  args: FlagArgs<'connection' | 'replay'>,
  { config, cwd }: Settings,
  signal: AbortSignal,
): Promise<OpenSources> {
  const { query, limit } = args;
  if (query === undefined) {
    const histories = await historiesInFiles(config.histories, cwd, signal);
    return { total: histories.length, histories, gone: [] };
  }
  const gone: FetchedRun[] = [];
  const onProgress = ({ run }: FetchProgress): void => {
    if (run.outcome === 'gone') gone.push(run);
  };
  const selection = { query, ...(limit !== undefined && { limit }) };
  return {
    total: null,
    histories: historiesOfQuery({ ...mergeConnection(args, config), ...selection, signal, onProgress }),
    gone,
  };
}
