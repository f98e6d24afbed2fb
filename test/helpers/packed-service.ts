/** Services outside of the repository with the packed tarball installed by plain npm. */
import { execFile } from 'node:child_process';
import { mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PackedTarball } from './packed-tarball';

/** Returns the dependencies on packages of the SDK, each at one version. */
export const sdkDependencies = (version: string, packages: readonly string[]): Record<string, string> =>
  Object.fromEntries(packages.map((name) => [`@temporalio/${name}`, version]));

/** Installs the tarball and dependencies in a new directory, and returns the directory. */
export async function installedService(
  tarball: PackedTarball,
  dependencies: Record<string, string>,
): Promise<string> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'replay-package-')));
  const manifest = {
    name: 'service',
    private: true,
    dependencies,
    devDependencies: { 'temporal-replay': `file:${tarball.path}` },
  };
  writeFileSync(join(directory, 'package.json'), JSON.stringify(manifest));
  await promisify(execFile)('npm', ['install', '--no-fund', '--no-audit', '--prefer-offline'], {
    cwd: directory,
  });
  return directory;
}
