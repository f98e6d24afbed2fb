import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './replay-cli';

export interface PackedTarball {
  path: string;
  /** The files in it. */
  files: readonly string[];
  remove(): void;
}

/** Packs the built package as npm publishes it. */
export function packTarball(): PackedTarball {
  const directory = mkdtempSync(join(tmpdir(), 'replay-tarball-'));
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', directory], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  ) as { filename: string; files: { path: string }[] }[];
  return {
    path: join(directory, packed!.filename),
    files: packed!.files.map((file) => file.path),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
