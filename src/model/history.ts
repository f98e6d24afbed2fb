/**
 * A history on its way to replay: bytes in any supported form, or a file that is read when its turn comes
 * (so that memory stays flat however many there are).
 */
export interface HistorySource {
  /** Shown in the report as `file`; also the path that is read where `bytes` is absent. */
  file: string;
  bytes?: Uint8Array;
}
