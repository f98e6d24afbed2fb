/** Names of lock files, with what reads the versions of packages from each. */
export const LOCK_FILES: Readonly<Record<string, (text: string) => Versions>> = {
  'package-lock.json': npmVersions,
  'npm-shrinkwrap.json': npmVersions,
  'yarn.lock': yarnVersions,
  'pnpm-lock.yaml': pnpmVersions,
};

/** The versions of each package. */
export type Versions = ReadonlyMap<string, ReadonlySet<string>>;

interface NpmLock {
  packages?: Record<string, { version?: string }>;
  dependencies?: Record<string, { version?: string; dependencies?: NpmLock['dependencies'] }>;
}

function npmVersions(text: string): Versions {
  const { packages, dependencies } = JSON.parse(text) as NpmLock;
  const found: [string, string][] = [];
  for (const [path, { version }] of Object.entries(packages ?? {})) {
    const name = path.split('node_modules/').at(-1)!;
    if (path.includes('node_modules/') && version) found.push([name, version]);
  }
  const walk = (tree: NpmLock['dependencies']): void => {
    for (const [name, { version, dependencies: inner }] of Object.entries(tree ?? {})) {
      if (version) found.push([name, version]);
      walk(inner);
    }
  };
  if (!packages) walk(dependencies);
  return versionsOf(found);
}

/** Reads both forms: `version "1.2.3"` of Yarn 1, and `version: 1.2.3` of later ones. */
function yarnVersions(text: string): Versions {
  const found: [string, string][] = [];
  let names: string[] = [];
  for (const line of text.split('\n')) {
    if (/^\S.*:$/.test(line))
      names = line.split(',').flatMap((each) => /^\s*"?(@?[^@"]+)@/.exec(each)?.[1] ?? []);
    const version = /^ {2}version:? "?([^"\s]+)"?$/.exec(line)?.[1];
    if (version) for (const name of new Set(names)) found.push([name, version]);
  }
  return versionsOf(found);
}

/** Reads keys such as `/a@1.2.3:`, `'@s/a@1.2.3(b@2.0.0)':` and, of old versions, `/a/1.2.3:`. */
function pnpmVersions(text: string): Versions {
  const packages = text.slice(Math.max(0, text.search(/^packages:/m)));
  const keys = packages.matchAll(/^ {2}'?\/?((?:@[^/\s]+\/)?[^@/\s']+)[@/](\d[^(:'\s_]*)/gm);
  return versionsOf([...keys].map(([, name, version]) => [name!, version!]));
}

function versionsOf(found: readonly [string, string][]): Versions {
  const versions = new Map<string, Set<string>>();
  for (const [name, version] of found) versions.set(name, (versions.get(name) ?? new Set()).add(version));
  return versions;
}
