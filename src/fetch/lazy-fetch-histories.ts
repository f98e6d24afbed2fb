import type { FetchedRun, FetchOptions } from '../options/types';

/**
 * Downloads the histories of the selected runs into files, `<out>/<workflow type>/<workflow id>_<run id>.json`, and
 * yields each run as it is done. A closed run that is already there is not downloaded again, an open one is refreshed.
 * Each file is written whole or not at all, so a fetch that was stopped is completed by the next one.
 *
 * The fetch starts when the first run is requested; to stop early, leave the loop or abort `options.signal`.
 *
 * @throws USAGE, CONFIG_INVALID, PACKAGE_MISSING, SDK_TOO_OLD, DUPLICATE_PACKAGES, CONFIG_NOT_FOUND, OUTPUT_FAILED, ABORTED, CLUSTER_UNREACHABLE, CLUSTER_TLS,
 * CLUSTER_PERMISSION, CLUSTER_NAMESPACE, CLUSTER_QUERY, CLUSTER_HISTORY, CLUSTER_FAILED
 */
export async function* fetchHistories(options: FetchOptions): AsyncGenerator<FetchedRun, void, undefined> {
  // The SDK is loaded only here: a config file imports this package where the SDK need not be installed.
  const fetching = require('./fetch-histories') as typeof import('./fetch-histories');
  yield* fetching.fetchHistories(options);
}
