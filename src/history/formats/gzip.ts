import { gunzipSync } from 'node:zlib';
import { ProblemError, tooLarge } from './problem';

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Tools may pack a file that is packed already; more layers than these are no history. */
const MAX_LAYERS = 3;

/**
 * Unpacks gzip data, also if it was packed several times over.
 *
 * @throws {@link ProblemError} `TOO_LARGE`, `TRUNCATED`, `BAD_GZIP`
 */
export function gunzip(bytes: Uint8Array, maxBytes: number): Uint8Array {
  let unpacked = bytes;
  for (let layer = 0; isGzip(unpacked); layer++) {
    if (layer === MAX_LAYERS)
      throw new ProblemError(
        'BAD_GZIP',
        `is packed with gzip more than ${MAX_LAYERS} times over: it is no history. Download it again.`,
      );
    unpacked = unpackLayer(unpacked, maxBytes);
  }
  return unpacked;
}

function unpackLayer(bytes: Uint8Array, maxBytes: number): Uint8Array {
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
