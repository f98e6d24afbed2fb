import { existsSync } from 'node:fs';
import { changeTimeOf, isChangedSince } from '../util/change-time';

/** The hooks of webpack's cache. Entries and etags are its own objects; the same content has the same etag. */
interface CacheHooks {
  get: { tap(options: TapOptions, fn: (id: string, etag: unknown) => unknown): void };
  store: { tap(options: TapOptions, fn: (id: string, etag: unknown, data: unknown) => void): void };
}
interface TapOptions {
  name: string;
  stage: number;
}
interface Compiler {
  cache: { hooks: CacheHooks };
}
interface WebpackConfig {
  plugins?: unknown[];
  module?: object;
}

const NAME = 'temporal-replay-module-memory';
/** The stage before webpack's own memory cache (`Cache.STAGE_MEMORY` is -10), which is empty in every new compiler. */
const STAGE = -20;
/** Number of builds for which an unused entry is kept: a build that fails uses only a part of the modules. */
const KEPT_BUILDS = 4;

/**
 * Snapshot options that compare files by content, those of packages included. A file's time does not show that another
 * file took its place, and by default webpack trusts the version of a package.
 */
const BY_CONTENT = {
  managedPaths: [],
  immutablePaths: [],
  module: { hash: true },
  contextModule: { hash: true },
  resolve: { hash: true },
  buildDependencies: { hash: true },
  resolveBuildDependencies: { hash: true },
};

interface Entry {
  etag: unknown;
  data: unknown;
  usedIn: number;
}

/**
 * The modules that webpack has compiled, kept from one build of a process to the next, so that a build reads and compiles
 * only the files that changed.
 */
export class ModuleMemory {
  private readonly projects = new Map<string, ProjectMemory>();

  /**
   * Returns the memory of a project.
   *
   * @param key a hash of the project's options: everything that a build depends on besides its input files
   */
  of(key: string): ProjectMemory {
    const known = this.projects.get(key) ?? new ProjectMemory();
    this.projects.set(key, known);
    return known;
  }
}

/** The compiled modules of one project; a plugin of webpack. */
export class ProjectMemory {
  private entries = new Map<string, Entry>();
  private build = 0;

  /** Returns the configuration for a build that uses this memory and adds to it. */
  configure<C extends WebpackConfig>(config: C): C {
    this.build++;
    return {
      ...config,
      plugins: [...(config.plugins ?? []), this],
      snapshot: BY_CONTENT,
      // webpack's own unsafe cache assumes that a request leads to the same file as before.
      module: { ...config.module, unsafeCache: false },
    };
  }

  apply({ cache }: Compiler): void {
    const at = { name: NAME, stage: STAGE };
    cache.hooks.store.tap(at, (id, etag, data) => {
      this.entries.set(id, { etag, data, usedIn: this.build });
    });
    cache.hooks.get.tap(at, (id, etag) => {
      const entry = this.entries.get(id);
      if (!entry || entry.etag !== etag) return undefined;
      entry.usedIn = this.build;
      return entry.data;
    });
  }

  /**
   * Checks the memory after a build. If a file changed while webpack read it, the memory may pair the old compiled code
   * with the new content, so all entries are dropped.
   *
   * @param missing the paths at which the bundler found no file
   * @param since when the build began (epoch ms)
   */
  async settle(inputs: readonly string[], missing: readonly string[], since: number): Promise<void> {
    const paths = [...inputs, ...missing.filter((path) => existsSync(path))];
    const times = await Promise.all(paths.map(changeTimeOf));
    if (times.some((time) => isChangedSince(since, time))) this.entries.clear();
    for (const [id, { usedIn }] of this.entries)
      if (usedIn <= this.build - KEPT_BUILDS) this.entries.delete(id);
  }
}
