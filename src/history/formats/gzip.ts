import { gunzipSync } from 'node:zlib';
import { ProblemError, tooLarge } from './problem';

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Unpacks gzip data. @throws {@link ProblemError} `TOO_LARGE`, `TRUNCATED`, `BAD_GZIP` */
export function gunzip(bytes: Uint8Array, maxBytes: number): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: maxBytes });
  } catch (err) {
    // `instanceof Error` would fail under jest, where Node's own errors belong to another realm.
    if ((err as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes);
    const cut = (err as { code?: unknown }).code === 'Z_BUF_ERROR';
    throw cut
      ? new ProblemError('TRUNCATED', 'the gzip data ends early: the file was cut off. Download it again.')
      : new ProblemError(
          'BAD_GZIP',
          'starts like gzip but can not be unpacked: the file is damaged. Download it again.',
        );
  }
}
