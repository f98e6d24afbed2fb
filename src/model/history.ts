/**
 * A history on its way to replay: bytes in any supported form, or a file that is read when its turn comes
 * (so that memory stays flat however many there are).
 */
export interface HistorySource {
  /** Shown in the report as `file`; also the path that is read where `bytes` is absent. */
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
