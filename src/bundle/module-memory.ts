import { existsSync } from 'node:fs';
import { changeTimeOf, isChangedSince } from '../util/change-time';

/** What webpack asks of a cache. Entries are its own objects; an etag is one too, the same for the same content. */
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
/** Before webpack's own cache in memory (`Cache.STAGE_MEMORY` is -10), which every compiler begins anew. */
const STAGE = -20;
/** What so many builds have had no use for is forgotten: a build that fails sees a part of the modules only. */
const KEPT_BUILDS = 4;

/**
 * By content, packages included: a file's time says nothing of a file that another one was swapped for, and webpack's default
 * trusts the version of a package.
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
 * What webpack has made of each module, from one build of a process to the next: a build reads and compiles the files that
 * changed alone.
 */
export class ModuleMemory {
  private readonly projects = new Map<string, ProjectMemory>();

  /** @param key of the project's options: everything that a build depends on beside its input files */
  of(key: string): ProjectMemory {
    const known = this.projects.get(key) ?? new ProjectMemory();
    this.projects.set(key, known);
    return known;
  }
}

export class ProjectMemory {
  private entries = new Map<string, Entry>();
  private build = 0;

  /** The configuration for a build that takes from the memory and adds to it. */
  configure<C extends WebpackConfig>(config: C): C {
    this.build++;
    return {
      ...config,
      plugins: [...(config.plugins ?? []), this],
      snapshot: BY_CONTENT,
      // It takes for granted that a request leads to the same file as before.
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
   * To be called after each build. Of a file that changed while webpack read it, the memory may have what was compiled before
   * under the content of after: then it forgets everything.
   *
   * @param missing what was looked for in vain
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
