import { dirname } from 'node:path';

/** Yields a directory and those above it, up to the root of the file system. */
export function* directoriesFrom(directory: string): Generator<string> {
  yield directory;
  const parent = dirname(directory);
  if (parent !== directory) yield* directoriesFrom(parent);
}
