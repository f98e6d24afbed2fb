import { join, relative } from 'node:path';
import { TemporalReplayError } from '../errors';
import { directoriesFrom } from '../util/directories-from';
import { type Manifest, readManifest } from './manifest';
import { OWN_PACKAGE } from './own-code';
import { type PackageManager, packageManagerOf } from './package-manager';
import { FIRST_RELEASES, OLDEST_SDK, isOlder } from './supported-sdk';
import { type TemporalPackages, WORKER, findTemporalPackages, locatePackage } from './temporal-packages';

export interface SdkProblem {
  code: 'PACKAGE_MISSING' | 'SDK_TOO_OLD' | 'DUPLICATE_PACKAGES';
  text: string;
}

/** The SDK that code in a directory loads, what is wrong with it, and the one command that mends all of that. */
export interface SdkFindings extends TemporalPackages {
  problems: readonly SdkProblem[];
  /** Advice in one line; empty if there is no problem. */
  remedy: string;
}

/** The newest version of the SDK that this package supports, as a package manager takes it. */
const NEWEST = '1';

/**
 * Examines the SDK that code in a directory loads.
 *
 * @param options.needs names of the packages that are needed
 * @param options.deep also find copies that only other dependencies load
 */
export function examineSdk(
  directory: string,
  { needs, deep = false }: { needs: readonly string[]; deep?: boolean },
): SdkFindings {
  const found = findTemporalPackages(directory, { deep });
  const service = readService(directory === OWN_PACKAGE ? process.cwd() : directory);
  const version = versionOf(found);
  const missing = needs.filter((name) => locatePackage(name, directory) === null);
  const oldest = missing
    .map((name) => FIRST_RELEASES[name] ?? OLDEST_SDK)
    .reduce((a, b) => (isOlder(a, b) ? b : a), OLDEST_SDK);
  const isTooOld = version !== undefined && isOlder(version, oldest);
  const problems = [
    ...missingProblem(missing, service),
    ...(isTooOld ? [tooOld(found, oldest)] : []),
    ...duplicateProblem(found),
  ];
  const remedy = problems.length === 0 ? '' : remedyFor({ found, service, missing, isTooOld });
  return { ...found, problems, remedy };
}

/** @throws TemporalReplayError PACKAGE_MISSING, SDK_TOO_OLD or DUPLICATE_PACKAGES, with all problems and one command */
export function requireSdk(directory: string, needs: readonly string[]): void {
  const findings = examineSdk(directory, { needs });
  if (findings.problems.length > 0) throw errorOf(findings);
}

/**
 * Does as {@link requireSdk} does, but lets several copies of a package pass: a service whose worker starts with them also replays with
 * them, since all that a replay loads is that of the worker.
 */
export function requireSdkOfWorker(directory: string): void {
  const findings = examineSdk(directory, { needs: [WORKER] });
  if (findings.problems.some(({ code }) => code !== 'DUPLICATE_PACKAGES')) throw errorOf(findings);
}

/** Does as {@link requireSdk} does, with the command in the message: test runners show no other field of an error. */
export function requireSdkInTests(directory: string, needs: readonly string[]): void {
  const { problems, remedy } = examineSdk(directory, { needs });
  if (problems.length === 0) return;
  const text = [...problems.map((problem) => problem.text), remedy].join('\n');
  throw new TemporalReplayError(problems[0]!.code, text, { hint: remedy });
}

/** Returns the error for a package that was needed and not found from a directory. */
export function explainMissing(name: string, directory: string): TemporalReplayError {
  // Without a worker, the packages that come with it are not what a service lacks.
  const need = name in FIRST_RELEASES || name === '@temporalio/testing' ? name : WORKER;
  const needs = locatePackage(need, directory) === null ? [need] : [name];
  return errorOf(examineSdk(directory, { needs }));
}

function errorOf({ problems, remedy }: SdkFindings): TemporalReplayError {
  const text = problems.map((problem) => problem.text).join(' ');
  return new TemporalReplayError(problems[0]!.code, text, { hint: remedy });
}

/** The version that all packages should have: that of the worker, which depends on most of them. */
const versionOf = ({ packages }: TemporalPackages): string | undefined =>
  (packages.find(({ name }) => name === WORKER) ?? packages[0])?.version;

function missingProblem(missing: readonly string[], { declared }: Service): SdkProblem[] {
  if (missing.length === 0) return [];
  const listed = missing.some((name) => declared.has(name)) ? ', although package.json lists it' : '';
  const verb = missing.length === 1 ? 'is' : 'are';
  return [{ code: 'PACKAGE_MISSING', text: `${listOf(missing)} ${verb} not installed${listed}.` }];
}

function tooOld(found: TemporalPackages, oldest: string): SdkProblem {
  const shown = found.packages.find(({ name }) => name === WORKER) ?? found.packages[0]!;
  const text = `The Temporal SDK is too old: ${shown.name} is ${shown.version}, and ${oldest} or newer is needed.`;
  return { code: 'SDK_TOO_OLD', text };
}

function duplicateProblem({ duplicates }: TemporalPackages): SdkProblem[] {
  const [first, ...others] = duplicates;
  if (!first) return [];
  const places = first.copies.map(({ version, path }) => `${version} in ${path}`).join(' and ');
  const rest = others.length === 0 ? '' : `, and also of ${listOf(others.map(({ name }) => name))}`;
  return [
    { code: 'DUPLICATE_PACKAGES', text: `There are several copies of ${first.name}: ${places}${rest}.` },
  ];
}

const listOf = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

interface Remedied {
  found: TemporalPackages;
  service: Service;
  missing: readonly string[];
  isTooOld: boolean;
}

function remedyFor({ found, service, missing, isTooOld }: Remedied): string {
  const { manager, declared } = service;
  const where = placeOf(service);
  if (missing.some((name) => declared.has(name)))
    return `Install what package.json lists${where}: ${manager.install}`;
  const version = isTooOld ? NEWEST : (versionOf(found) ?? NEWEST);
  const others = isTooOld ? toUpgrade(found, service) : mismatched(found, service);
  const wanted = [...new Set([...missing, ...others])].map((name) => `${name}@${version}`);
  if (wanted.length === 0) {
    const pin = 'pin all @temporalio packages to one version';
    return manager.dedupe === null
      ? `P${pin.slice(1)}${where}.`
      : `Run \`${manager.dedupe}\`${where}, or ${pin}.`;
  }
  // A flag for development dependencies would move those that a service depends on.
  const isDev = others.every((name) => declared.get(name)?.isDev ?? true);
  const command = isDev ? manager.addDev(...wanted) : manager.setVersions(...wanted);
  const advice = isTooOld
    ? 'Upgrade all of it at once'
    : others.length > 0
      ? 'Use one version for all of them'
      : versionOf(found) === undefined
        ? 'Install the SDK'
        : 'Install the version of your other Temporal packages';
  return `${advice}${where}: ${command}`;
}

/** Returns the packages to upgrade together, since each of them depends on others in exactly its own version. */
function toUpgrade({ packages }: TemporalPackages, { declared }: Service): string[] {
  const installed = packages.map(({ name }) => name);
  const listed = installed.filter((name) => declared.has(name));
  return listed.length > 0 ? listed : installed;
}

/** Returns the packages whose version differs from the worker's. Those that a service does not list come with others. */
function mismatched(found: TemporalPackages, { declared }: Service): string[] {
  if (found.duplicates.length === 0) return [];
  const version = versionOf(found);
  const others = found.packages.filter((other) => other.version !== version).map(({ name }) => name);
  const listed = others.filter((name) => declared.has(name));
  return listed.length > 0 ? listed : others;
}

/** The package that a directory lies in. */
interface Service {
  /** The nearest directory with a package.json. */
  directory: string;
  manager: PackageManager;
  /** The packages that it and those around it list. */
  declared: ReadonlyMap<string, { isDev: boolean }>;
}

function readService(from: string): Service {
  const declared = new Map<string, { isDev: boolean }>();
  let directory: string | null = null;
  for (const at of directoriesFrom(from)) {
    const manifest = readManifest(at);
    if (manifest !== null) directory ??= at;
    for (const [name, entry] of listedIn(manifest)) if (!declared.has(name)) declared.set(name, entry);
  }
  directory ??= from;
  return { directory, manager: packageManagerOf(directory), declared };
}

const listedIn = (manifest: Manifest | null): (readonly [string, { isDev: boolean }])[] => [
  ...Object.keys(manifest?.dependencies ?? {}).map((name) => [name, { isDev: false }] as const),
  ...Object.keys(manifest?.devDependencies ?? {}).map((name) => [name, { isDev: true }] as const),
];

const placeOf = ({ directory }: Service): string => {
  const path = relative(process.cwd(), directory);
  return path === '' ? '' : ` in ${path.startsWith('..') ? directory : join('.', path)}`;
};
