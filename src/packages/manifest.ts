import { join } from 'node:path';
import { readTextFile } from '../util/read-text-file';

/** The fields of a package.json that say what is installed, and by what. */
export interface Manifest {
  dependencies?: Readonly<Record<string, string>>;
  devDependencies?: Readonly<Record<string, string>>;
  workspaces?: unknown;
  packageManager?: unknown;
  devEngines?: { packageManager?: { name?: unknown } };
}

/** Reads the package.json of a directory. Returns null if there is none that can be read. */
export function readManifest(directory: string): Manifest | null {
  try {
    const manifest: unknown = JSON.parse(readTextFile(join(directory, 'package.json')) ?? 'null');
    return typeof manifest === 'object' ? (manifest as Manifest | null) : null;
  } catch {
    return null;
  }
}
