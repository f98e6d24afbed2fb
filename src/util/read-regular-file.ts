import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';

/**
 * Reads a file that has to be a regular one. A FIFO without a writer or an endless device in its place would hold the process for ever.
 *
 * @throws the error of the system; one with the code `EINVAL` for anything but a regular file
 */
export async function readRegularFile(path: string): Promise<Buffer> {
  const file = await open(path, FLAGS);
  try {
    if (!(await file.stat()).isFile()) throw noRegularFile(path);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/**
 * Reads a file as {@link readRegularFile} does, but on the main thread: handing the work to another thread takes six times as long as
 * the file of a history. It is for processes that have nothing else to do meanwhile.
 *
 * @throws as {@link readRegularFile}
 */
export function readRegularFileNow(path: string): Buffer {
  const file = openSync(path, FLAGS);
  try {
    if (!fstatSync(file).isFile()) throw noRegularFile(path);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

const noRegularFile = (path: string): Error =>
  Object.assign(new Error(`${path} is no regular file`), { code: 'EINVAL', syscall: 'read' });
