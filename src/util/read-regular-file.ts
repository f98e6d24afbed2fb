import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/**
 * Reads a file that has to be a regular one. A FIFO without a writer or an endless device in its place would hold the process for ever.
 *
 * @throws the error of the system; one with the code `EINVAL` for anything but a regular file
 */
export async function readRegularFile(path: string): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile())
      throw Object.assign(new Error(`${path} is no regular file`), { code: 'EINVAL', syscall: 'read' });
    return await file.readFile();
  } finally {
    await file.close();
  }
}
