/**
 * Makes this package load the SDK of the service that it works for.
 *
 * Peer dependencies alone do not lead there. Few services list `@temporalio/proto` or `@temporalio/common`, which come with the
 * worker, so Yarn's Plug'n'Play refuses them to us; npm can hoist another version beside this package than the service has; and
 * `npx temporal-replay` and a linked package lie outside of the service. So imports of `@temporalio/…` by this package's own files
 * are resolved from the service's directory, and those of the packages that belong to a worker from that worker. All other modules
 * resolve as ever, except that a config file finds this package even where it is not installed.
 *
 * Node 20 has no other way than `Module._resolveFilename`, as Yarn's Plug'n'Play and ts-node use it. Jest has its own: `resolveSdk`
 * in the preset's resolver. Each process imports this module before any that imports the SDK.
 */
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { OWN_CODE, OWN_PACKAGE } from './own-code';
import { explainMissing } from './sdk-problems';
import { WORKER, locatePackage } from './temporal-packages';

const OWN_NAME = 'temporal-replay';
const SDK_MODULE = /^(@temporalio\/[^/]+)(?:\/|$)/;
/** The packages that each worker depends on in its own version. */
const OF_WORKER = new Set(
  ['activity', 'client', 'common', 'core-bridge', 'nexus', 'proto', 'workflow'].map(
    (name) => `@temporalio/${name}`,
  ),
);
/** Packages that depend on others of the SDK in exactly their own version. A service that only starts workflows has no worker. */
const BRINGERS = [WORKER, '@temporalio/client', '@temporalio/workflow'];
/** Name of the environment variable with which a process tells its children where the service is. */
const VARIABLE = 'TEMPORAL_REPLAY_SDK_FROM';

let serviceDirectory = process.env[VARIABLE];
// It counts for this process alone, not for commands that a service's code starts.
delete process.env[VARIABLE];

/** Sets the directory from which the SDK is loaded. Modules that are loaded already stay. */
export function useSdkOf(directory: string): void {
  serviceDirectory = directory;
  resolved.clear();
}

/** Returns the environment that makes a forked process of this package load the same SDK. */
export const sdkEnvironment = (): Record<string, string> => ({ [VARIABLE]: sdkDirectory() });

/** Returns the first directory from which a worker is found. If there is none, it returns the first one outside of this package. */
export const sdkDirectory = (candidates: readonly string[] = directories()): string =>
  [...candidates, OWN_PACKAGE].find((directory) => locatePackage(WORKER, directory) !== null) ??
  outsideOf(candidates);

const outsideOf = (candidates: readonly string[]): string =>
  candidates.find((directory) => directory !== OWN_PACKAGE) ?? process.cwd();

/** Returns the directories from which the SDK is searched, best first. */
function directories(): readonly string[] {
  if (serviceDirectory !== undefined) return [serviceDirectory, OWN_PACKAGE];
  const cwd = process.cwd();
  // Where tests of several packages run at the root of a workspace, the package under test is the one that loads us.
  return locatePackage(OWN_NAME, cwd) === OWN_PACKAGE ? [cwd, OWN_PACKAGE] : [OWN_PACKAGE, cwd];
}

/**
 * Returns the path of a module of the SDK, such as `@temporalio/client/lib/connection`.
 *
 * @throws TemporalReplayError PACKAGE_MISSING
 * @throws Error that Node throws if the package has no such module
 */
export function resolveSdk(request: string): string {
  const known = resolved.get(request) ?? search(request);
  resolved.set(request, known);
  return known;
}

/** The paths that were found, since a start resolves the same few modules dozens of times. */
const resolved = new Map<string, string>();

function search(request: string): string {
  const name = SDK_MODULE.exec(request)![1]!;
  const from = directories();
  for (const directory of from) {
    const home = homeOf(name, directory);
    if (locatePackage(name, home) !== null) return createRequire(join(home, 'noop.js')).resolve(request);
  }
  throw explainMissing(name, outsideOf(from));
}

/** Returns the directory from which a package of the SDK is resolved: the package that brings it along, or else the service's. */
function homeOf(name: string, directory: string): string {
  if (!OF_WORKER.has(name)) return directory;
  const homes = BRINGERS.map((bringer) => locatePackage(bringer, directory));
  return homes.find((home) => home !== null && locatePackage(name, home) !== null) ?? directory;
}

/** Returns true for an import of the SDK by this package. */
export const isOwnImportOfSdk = (request: string, importer: string | null | undefined): boolean =>
  SDK_MODULE.test(request) && (importer?.startsWith(OWN_CODE) ?? false);

interface NodeResolver {
  _resolveFilename(request: string, parent?: { filename?: string | null } | null, ...rest: unknown[]): string;
}

function installResolution(resolver: Partial<NodeResolver>): void {
  const resolve = resolver._resolveFilename;
  // Jest's stand-in for `node:module` has no such function.
  if (resolve === undefined) return;
  resolver._resolveFilename = function (request, parent, ...rest) {
    if (isOwnImportOfSdk(request, parent?.filename)) return resolveSdk(request);
    try {
      return resolve.call(this, request, parent, ...rest);
    } catch (err) {
      // Run by npx, this package is not where a config file would find it.
      if (request === OWN_NAME) return require.resolve(OWN_PACKAGE);
      throw err;
    }
  };
}

installResolution(Module as unknown as Partial<NodeResolver>);
