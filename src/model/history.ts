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
