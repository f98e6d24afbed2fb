import { createHash } from 'node:crypto';
import { type Comment, type Program, hasLoadEffects } from './load-effects';

/** What of a bundle counts for which workflow types. It says what a change affects, never what a replay finds. */
export interface TypeInputs {
  /** Input files that count for some types only, with those; every other input counts for all. Absolute paths. */
  types: Readonly<Record<string, readonly string[]>>;
  /** Stands for the order in which modules load where it matters: another order may change what any type does. */
  loadOrder: string;
}

/** Every input counts for every type. */
export const ALL_INPUTS_OF_ALL_TYPES: TypeInputs = { types: {}, loadOrder: '' };

interface Dependency {
  request?: string;
}
interface Connection {
  module: Module | null;
}
interface Module {
  type: string;
  /** Path, with its query. Only modules that are files have one. */
  resource?: string;
  dependencies: Dependency[];
  blocks: Module[];
  buildMeta?: { exportsType?: string };
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
interface ModuleGraph {
  getModule(dependency: Dependency): Module | null;
  getOutgoingConnections(module: Module): Iterable<Connection>;
  getExportsInfo(module: Module): {
    orderedExports: Iterable<ExportInfo>;
    otherExportsInfo: { provided?: boolean | null };
  };
}
interface Compilation {
  modules: Iterable<Module>;
  entries: ReadonlyMap<string, { dependencies: Dependency[] }>;
  moduleGraph: ModuleGraph;
  hooks: { seal: Tap<() => void> };
}
interface Parser {
  state: { module: Module };
  hooks: { program: Tap<(program: Program, comments: Comment[]) => void> };
}
interface ModuleFactory {
  hooks: { parser: { for(type: string): Tap<(parser: Parser) => void> } };
}
interface Compiler {
  hooks: {
    compilation: Tap<(compilation: Compilation, params: { normalModuleFactory: ModuleFactory }) => void>;
  };
}
interface Tap<Fn> {
  tap(name: string, fn: Fn): void;
}

const NAME = 'temporal-replay-type-inputs';
/** In a module's `buildInfo`, which webpack keeps with a module that it takes from a cache. */
const LOADS_QUIETLY = 'temporalReplayLoadsQuietly';

/**
 * A plugin of webpack that finds out which inputs count for which workflow types. It reads webpack's graph, which holds also
 * what was taken from a cache, and changes nothing of the bundle.
 */
export class TypeInputsPlugin {
  found: TypeInputs = ALL_INPUTS_OF_ALL_TYPES;

  /** @param workflowsPath as the bundle's entry asks for it */
  constructor(private readonly workflowsPath: string) {}

  apply(compiler: Compiler): void {
    compiler.hooks.compilation.tap(NAME, (compilation, { normalModuleFactory }) => {
      for (const type of ['javascript/auto', 'javascript/esm'])
        normalModuleFactory.hooks.parser.for(type).tap(NAME, markQuietModules);
      // The graph is complete then, and not optimized yet.
      compilation.hooks.seal.tap(NAME, () => {
        this.found = typeInputsOf(compilation, this.workflowsPath);
      });
    });
  }
}

function markQuietModules(parser: Parser): void {
  parser.hooks.program.tap(NAME, (program, comments) => {
    const { module } = parser.state;
    if (module.buildInfo && !isOfPackage(module))
      module.buildInfo[LOADS_QUIETLY] = !hasLoadEffects(program, comments);
  });
}

/** Another version of webpack may have another graph: then nothing is told apart. */
function typeInputsOf(compilation: Compilation, workflowsPath: string): TypeInputs {
  try {
    return readGraph(compilation, workflowsPath) ?? ALL_INPUTS_OF_ALL_TYPES;
  } catch {
    return ALL_INPUTS_OF_ALL_TYPES;
  }
}

function readGraph({ modules, entries, moduleGraph }: Compilation, workflowsPath: string): TypeInputs | null {
  const all = [...modules];
  if (!all.every(isUnderstood)) return null;
  const [entry, ...otherEntries] = [...entries.values()]
    .flatMap((one) => one.dependencies)
    .map((dependency) => moduleGraph.getModule(dependency));
  if (!entry || otherEntries.length > 0) return null;
  const requested = entry.dependencies.filter(({ request }) => request === workflowsPath);
  const workflows = requested.length === 1 ? moduleGraph.getModule(requested[0]!) : null;
  const definitions = workflows && definitionsIn(workflows, moduleGraph);
  if (!definitions) return null;

  // The SDK, converters, interceptors: all of it is loaded before the workflows are.
  const others = entry.dependencies.filter((dependency) => dependency !== requested[0]);
  const before = reachedFrom(modulesOf(others, moduleGraph), (module) => importedBy(module, moduleGraph));
  const imports = memoized((module) => importedBy(module, moduleGraph).filter((one) => !before.has(one)));
  const loaded = inLoadOrder(workflows, imports);
  const loud = loaded.filter((module) => !loadsQuietly(module));
  const ofAll = new Set([entry, ...before, workflows, ...reachedFrom(loud, imports)]);
  const isSensitive = (module: Module): boolean => !loadsQuietly(module) || isInCycle(module, imports);
  return {
    types: inputsOfSome(all, ofAll, typesByModule(definitions, imports)),
    loadOrder: hash(loaded.filter(isSensitive).map(({ resource }) => resource)),
  };
}

/** A file, or what stands for a module that is left out of the bundle. (A context stands for what lies in a directory.) */
const isUnderstood = (module: Module): boolean =>
  module.resource !== undefined || module.constructor.name === 'RawModule';

const isOfPackage = ({ resource = '' }: Module): boolean => /[\\/]node_modules[\\/]/.test(resource);

/** Where an export comes from: the module that defines it, and those that pass it on. */
interface Definition {
  module: Module;
  passedOnBy: ReadonlySet<Module>;
}

/** The exports by their names; null where webpack can't tell all of them. */
function definitionsIn(workflows: Module, graph: ModuleGraph): Map<string, Definition> | null {
  if (workflows.buildMeta?.exportsType !== 'namespace') return null;
  const { orderedExports, otherExportsInfo } = graph.getExportsInfo(workflows);
  if (otherExportsInfo.provided !== false) return null;
  const definitions = new Map<string, Definition>();
  for (const info of orderedExports) {
    if (typeof info.provided !== 'boolean') return null;
    const passedOnBy = new Set<Module>();
    const target = info.getTarget(graph, ({ module }) => Boolean(passedOnBy.add(module)));
    if (info.provided) definitions.set(info.name, { module: target?.module ?? workflows, passedOnBy });
  }
  return definitions;
}

type Imports = (module: Module) => readonly Module[];

function memoized(imports: Imports): Imports {
  const known = new Map<Module, readonly Module[]>();
  return (module) => {
    const found = known.get(module) ?? imports(module);
    known.set(module, found);
    return found;
  };
}

/** In the order of the source, which is the one in which they load. */
function importedBy(module: Module, graph: ModuleGraph): Module[] {
  const inOrder = modulesOf(
    [...module.dependencies, ...module.blocks.flatMap(({ dependencies }) => dependencies)],
    graph,
  );
  const all = [...graph.getOutgoingConnections(module)].flatMap((to) => to.module ?? []);
  return [...new Set([...inOrder, ...all])];
}

const modulesOf = (dependencies: readonly Dependency[], graph: ModuleGraph): Module[] =>
  dependencies.flatMap((dependency) => graph.getModule(dependency) ?? []);

/** The modules and all that they import, directly or not. */
function reachedFrom(modules: readonly Module[], imports: Imports): Set<Module> {
  const reached = new Set(modules);
  for (const module of reached) for (const imported of imports(module)) reached.add(imported);
  return reached;
}

/** What loads with a module: each after what it imports. */
function inLoadOrder(from: Module, imports: Imports): Module[] {
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

/** What webpack ignores is an empty module. */
const loadsQuietly = ({ resource, type, buildMeta, buildInfo }: Module): boolean =>
  resource === undefined ||
  type === 'json' ||
  (buildMeta?.exportsType === 'namespace' && buildInfo?.[LOADS_QUIETLY] === true);

/** Which of a cycle's modules loads first depends on who imports it. */
const isInCycle = (module: Module, imports: Imports): boolean =>
  reachedFrom(imports(module), imports).has(module);

function typesByModule(
  definitions: ReadonlyMap<string, Definition>,
  imports: Imports,
): Map<Module, Set<string>> {
  const types = new Map<Module, Set<string>>();
  for (const [type, { module, passedOnBy }] of definitions)
    for (const counting of new Set([...reachedFrom([module], imports), ...passedOnBy]))
      types.set(counting, (types.get(counting) ?? new Set()).add(type));
  return types;
}

function inputsOfSome(
  modules: readonly Module[],
  ofAll: ReadonlySet<Module>,
  types: ReadonlyMap<Module, ReadonlySet<string>>,
): Record<string, string[]> {
  const found = new Map<string, Set<string>>();
  const filesOfAll = new Set<string>();
  for (const module of modules) {
    const some = types.get(module);
    // What no type uses should count for none; but a graph that says so may be one that is not understood.
    const files = filesOf(module);
    if (some === undefined || ofAll.has(module)) files.forEach((file) => filesOfAll.add(file));
    else for (const file of files) found.set(file, new Set([...(found.get(file) ?? []), ...some]));
  }
  const ofSome = [...found].filter(([file]) => !filesOfAll.has(file));
  return Object.fromEntries(ofSome.map(([file, some]) => [file, [...some].sort()]));
}

/** The module's own file, and what its loaders read beside it. */
function filesOf(module: Module): Set<string> {
  const files = new PathSet();
  module.addCacheDependencies?.(files, new PathSet(), new PathSet(), new PathSet());
  const [path] = module.resource?.split('?') ?? [];
  return path === undefined ? files : files.add(path);
}

/** As webpack's own, which takes several paths at once. */
class PathSet extends Set<string> {
  addAll(paths: Iterable<string>): this {
    for (const path of paths) this.add(path);
    return this;
  }
}

const hash = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
