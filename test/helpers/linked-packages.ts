import { cp, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './replay-cli';

/** The packages of this repository. */
export const OWN_MODULES = join(ROOT, 'node_modules');

/** Writes links to the real packages of the SDK into a service, except for the missing ones. */
export async function linkPackages(service: string, without: string[] = []): Promise<void> {
  const scope = join(service, 'node_modules/@temporalio');
  await mkdir(scope, { recursive: true });
  for (const name of ['client', 'common', 'envconfig', 'proto', 'testing', 'worker', 'workflow'])
    if (!without.includes(name)) await symlink(join(OWN_MODULES, '@temporalio', name), join(scope, name));
}

/** Copies the package.json of a package of the SDK into the `node_modules` of a directory of a service. Returns the copy's directory. */
export async function copyPackage(service: string, name: string, to: string): Promise<string> {
  const directory = join(service, to, 'node_modules/@temporalio', name);
  await mkdir(directory, { recursive: true });
  await cp(join(OWN_MODULES, '@temporalio', name, 'package.json'), join(directory, 'package.json'));
  return directory;
}
