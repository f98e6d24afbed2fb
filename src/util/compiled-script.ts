import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import { writeFileAtomic } from './atomic-file';
import { contentHash } from './content-hash';
import { readRegularFile } from './read-regular-file';

/** A script, whose compiled code can be kept for the next process that runs it. */
export interface CompiledScript {
  script: Script;
  /** True if V8 took the code that an earlier process had kept, and has not compiled the text. */
  wasKept: boolean;
  /** Keeps the code of the functions that have been called so far. A directory that cannot be written is left as it is. */
  keep(): Promise<void>;
}

const HASH_BYTES = 32;

/**
 * Compiles a script, or takes the code that V8 has compiled before from a file. The file counts only if its content is intact, and
 * was made from the same text by the same build and flags of Node and V8; V8 checks the latter once more.
 *
 * @param keptAt path of the file; null to keep nothing
 */
export async function compiledScript(
  text: string,
  { filename, keptAt }: { filename: string; keptAt: string | null },
): Promise<CompiledScript> {
  // V8 itself takes the code of another text of the same length. So the hash is that of the text as it is now.
  const about = keptAt === null ? '' : aboutOf(contentHash(text));
  const cachedData = keptAt === null ? null : await readKept(keptAt, about);
  const script = new Script(text, { filename, ...(cachedData && { cachedData }) });
  const wasKept = cachedData !== null && script.cachedDataRejected === false;
  return {
    script,
    wasKept,
    async keep() {
      if (keptAt === null) return;
      const data = script.createCachedData();
      try {
        await writeFileAtomic(keptAt, Buffer.concat([hashOf(data, about), data]));
      } catch {
        // The next process compiles the text again.
      }
    },
  };
}

/** Returns everything that compiled code depends on. */
const aboutOf = (hash: string): string =>
  JSON.stringify([
    ...[hash, process.versions.v8, process.version, process.platform, process.arch],
    process.execArgv.filter((arg) => !arg.startsWith('--inspect')),
    process.env['NODE_OPTIONS'] ?? '',
  ]);

async function readKept(path: string, about: string): Promise<Buffer | null> {
  try {
    const stored = await readRegularFile(path);
    const data = stored.subarray(HASH_BYTES);
    return stored.subarray(0, HASH_BYTES).equals(hashOf(data, about)) ? data : null;
  } catch {
    return null;
  }
}

const hashOf = (data: Uint8Array, about: string): Buffer =>
  createHash('sha256').update(about).update('\n').update(data).digest();
