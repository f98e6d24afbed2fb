/** The parts of webpack's module graph that are read here, in the form of webpack 5. */

export interface Dependency {
  request?: string;
}

export interface Module {
  type: string;
  /** Path with its query. Only modules that are files have one. */
  resource?: string;
  dependencies: Dependency[];
  blocks: Module[];
  buildMeta?: { exportsType?: string };
  /** Data that webpack keeps with a module, also in its caches. */
  buildInfo?: Record<string, unknown>;
  addCacheDependencies?(...sets: PathSet[]): void;
}

interface ExportInfo {
  name: string;
  provided?: boolean | null;
  getTarget(
    graph: ModuleGraph,
    onTarget: (target: { module: Module }) => boolean,
  ): { module: Module } | undefined;
}

export interface ModuleGraph {
  getModule(dependency: Dependency): Module | null;
  getOutgoingConnections(module: Module): Iterable<{ module: Module | null }>;
  getExportsInfo(module: Module): {
    orderedExports: Iterable<ExportInfo>;
    otherExportsInfo: { provided?: boolean | null };
  };
}

/** Returns the modules that a module imports. */
export type Imports = (module: Module) => readonly Module[];

/** Returns the same imports, computed once for each module. */
export function memoized(imports: Imports): Imports {
  const known = new Map<Module, readonly Module[]>();
  return (module) => {
    const found = known.get(module) ?? imports(module);
    known.set(module, found);
    return found;
  };
}

/** Returns the imports of a module in the order of its source, in which they load. */
export function importedBy(module: Module, graph: ModuleGraph): Module[] {
  const inOrder = modulesOf(
    [...module.dependencies, ...module.blocks.flatMap(({ dependencies }) => dependencies)],
    graph,
  );
  const all = [...graph.getOutgoingConnections(module)].flatMap((to) => to.module ?? []);
  return [...new Set([...inOrder, ...all])];
}

export const modulesOf = (dependencies: readonly Dependency[], graph: ModuleGraph): Module[] =>
  dependencies.flatMap((dependency) => graph.getModule(dependency) ?? []);

/** Returns the modules and all that they import, directly or not. */
export function reachedFrom(modules: readonly Module[], imports: Imports): Set<Module> {
  const reached = new Set(modules);
  for (const module of reached) for (const imported of imports(module)) reached.add(imported);
  return reached;
}

/** Returns a module and all that loads with it, each module after its imports. */
export function inLoadOrder(from: Module, imports: Imports): Module[] {
  const entered = new Set([from]);
  const order: Module[] = [];
  const stack = [{ module: from, left: [...imports(from)] }];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const next = top.left.shift();
    if (next === undefined) order.push(stack.pop()!.module);
    if (next === undefined || entered.has(next)) continue;
    entered.add(next);
    stack.push({ module: next, left: [...imports(next)] });
  }
  return order;
}

/** Returns true for a module that imports itself, directly or not. Which of a cycle loads first depends on the importer. */
export const isInCycle = (module: Module, imports: Imports): boolean =>
  reachedFrom(imports(module), imports).has(module);

/** Returns the file of a module and the files that its loaders read. */
export function filesOf(module: Module): Set<string> {
  const files = new PathSet();
  module.addCacheDependencies?.(files, new PathSet(), new PathSet(), new PathSet());
  const [path] = module.resource?.split('?') ?? [];
  return path === undefined ? files : files.add(path);
}

/** A set with the method of webpack's own sets that takes several paths at once. */
class PathSet extends Set<string> {
  addAll(paths: Iterable<string>): this {
    for (const path of paths) this.add(path);
    return this;
  }
}
