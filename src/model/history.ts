/**
 * A history to be replayed: bytes in any supported format, or a file that is read only when its turn comes, so that memory use does
 * not grow with the number of histories.
 */
export interface HistorySource {
  /** Name of the history in the report, and the path that is read if `bytes` is absent. */
  file: string;
  bytes?: Uint8Array;
}

/** The position of a history in the source that holds it. */
export interface HistoryReference {
  /** The `file` of the source. */
  file: string;
  /** Place among the histories of the source, from 0. */
  index: number;
}

/** Returns the text that names a history in reports: its file, and for the second history of a file `file#2`. */
export const labelOfHistory = ({ file, index }: HistoryReference): string =>
  index === 0 ? file : `${file}#${index + 1}`;

/** The `file` of standard input. */
export const STDIN_FILE = '-';
const CLUSTER_SCHEME = 'temporal://';
const MEMORY_SCHEME = 'memory:';

/** Returns the `file` of a run of a cluster. Each part is URI-encoded. */
export const clusterFile = (namespace: string, workflowId: string, runId: string): string =>
  `${CLUSTER_SCHEME}${[namespace, workflowId, runId].map(encodeURIComponent).join('/')}`;

/** Returns the `file` of a history in memory. */
export const memoryFile = (id: string): string => `${MEMORY_SCHEME}${id}`;

export const isClusterFile = (file: string): boolean => file.startsWith(CLUSTER_SCHEME);

/** Returns the namespace of a run of a cluster from its `file`; undefined for any other file. */
export function namespaceOfClusterFile(file: string): string | undefined {
  const [namespace] = isClusterFile(file) ? file.slice(CLUSTER_SCHEME.length).split('/') : [];
  try {
    return namespace && decodeURIComponent(namespace);
  } catch {
    return undefined;
  }
}

/** Returns true if the source is one run of a cluster, or one history in memory. Other sources can hold several histories. */
export const holdsOneHistory = (file: string): boolean =>
  isClusterFile(file) || file.startsWith(MEMORY_SCHEME);

/** Returns true if the source is a file on disk. */
export const isFilePath = (file: string): boolean => file !== STDIN_FILE && !holdsOneHistory(file);
