import { constants, write } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** Names of the descriptors of this process. Opening one of them would write at the start of its file again. */
const DESCRIPTOR = new RegExp(
  `^(?:/dev/fd/(\\d+)|/proc/(?:self|${process.pid})/fd/(\\d+)|/dev/(stdout|stderr))$`,
);
const RETRY_MS = 20;
/** Time without progress after which a stream counts as one that nothing reads. */
const PATIENCE_MS = 60_000;

/** Returns true if a path stands for a stream, such as a FIFO or `/dev/stdout`, which is written to and never replaced. */
export async function isStream(path: string): Promise<boolean> {
  if (DESCRIPTOR.test(path)) return true;
  const stats = await stat(path).catch(() => null);
  return stats !== null && !stats.isFile() && !stats.isDirectory();
}

/** Writes to a path of which {@link isStream} is true, and waits for its reader. */
export async function writeThrough(path: string, data: string | Uint8Array): Promise<void> {
  const descriptor = descriptorOf(path);
  if (descriptor !== null) return writeAll(descriptor, data);
  // A FIFO without a reader would otherwise hold a thread of this process, which could not end.
  const opened = await patiently('ENXIO', () => open(path, constants.O_WRONLY | constants.O_NONBLOCK));
  try {
    await writeAll(opened.fd, data);
  } finally {
    await opened.close();
  }
}

function descriptorOf(path: string): number | null {
  const [, dev, proc, name] = DESCRIPTOR.exec(path) ?? [];
  if (name !== undefined) return name === 'stdout' ? 1 : 2;
  const number = dev ?? proc;
  return number === undefined ? null : Number(number);
}

async function writeAll(descriptor: number, data: string | Uint8Array): Promise<void> {
  let rest = Buffer.from(data);
  while (rest.length > 0) {
    const { bytesWritten } = await patiently('EAGAIN', () => writeSome(descriptor, rest));
    rest = rest.subarray(bytesWritten);
  }
}

const writeSome = promisify(write) as (
  descriptor: number,
  data: Uint8Array,
) => Promise<{ bytesWritten: number }>;

/** Repeats an operation while it fails with the code that says that there is no reader, or one that has not read on. */
async function patiently<T>(code: string, operation: () => Promise<T>): Promise<T> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await operation();
    } catch (err) {
      if ((err as NodeJS.ErrnoException).code !== code) throw err;
      if (performance.now() > until)
        throw new Error(`nothing read from it for ${PATIENCE_MS / 1000} s`, { cause: err });
    }
    await sleep(RETRY_MS);
  }
}
