import { createHash } from 'node:crypto';
import {
  type Dependency,
  type Imports,
  type Module,
  type ModuleGraph,
  filesOf,
  importedBy,
  inLoadOrder,
  isInCycle,
  memoized,
  modulesOf,
  reachedFrom,
} from './webpack-graph';

/** The inputs of a bundle by the workflow types that they count for. It tells what a change affects, not what a replay finds. */
export interface TypeInputs {
  /** Input files that count for some types only, with those; every other input counts for all. Absolute paths. */
  types: Readonly<Record<string, readonly string[]>>;
  /** A hash of the order in which modules load, where it matters: another order may change what any type does. */
  loadOrder: string;
  /** Hashes of the code that webpack has generated; absent if they are not known. */
  code?: {
    /** The hash of the modules that count for all types. */
    ofAll: string;
    /** The hashes of the modules that count for some types only, by these types. */
    ofTypes: Readonly<Record<string, string>>;
  };
}

/** Every input counts for every type. */
export const ALL_INPUTS_OF_ALL_TYPES: TypeInputs = { types: {}, loadOrder: '' };

/** Returns a hash of all code that counts for a workflow type, or null if it is not known. */
export const codeHashOf = ({ code, loadOrder }: TypeInputs, type: string): string | null =>
  code === undefined ? null : hash([code.ofAll, code.ofTypes[type] ?? '', loadOrder]);

/** Returns the type inputs with hashes of code. `codeOf` returns the code that webpack has generated for a module. */
export function withCode(
  typeInputs: TypeInputs,
  modules: readonly Module[],
  codeOf: (module: Module) => string,
): TypeInputs {
  const ofAll: string[] = [];
  const ofTypes = new Map<string, string[]>();
  for (const module of modules) {
    const of = [...filesOf(module)].map((file) => typeInputs.types[file]);
    const code = codeOf(module);
    const types = of.length === 0 || of.includes(undefined) ? null : new Set(of.flatMap((some) => some!));
    if (types === null) ofAll.push(code);
    else for (const type of types) ofTypes.set(type, [...(ofTypes.get(type) ?? []), code]);
  }
  const hashes = [...ofTypes].map(([type, codes]) => [type, hash(codes.sort())]);
  return {
    ...typeInputs,
    code: { ofAll: hash(ofAll.sort()), ofTypes: Object.fromEntries(hashes) as Record<string, string> },
  };
}

/** All modules of a bundle. */
export interface BundleGraph {
  modules: readonly Module[];
  entryPoints: readonly Dependency[];
  moduleGraph: ModuleGraph;
  /** Returns true if loading a module may change how others behave. */
  hasEffects(module: Module): boolean;
}

/**
 * Returns which inputs count for which types, or null if the graph has a form in which that cannot be told.
 *
 * @param workflowsPath the request with which the bundle's entry imports the workflows
 */
export function typeInputsOf(
  { modules, entryPoints, moduleGraph, hasEffects }: BundleGraph,
  workflowsPath: string,
): TypeInputs | null {
  if (!modules.every(isUnderstood)) return null;
  const [entry, ...otherEntries] = entryPoints.map((dependency) => moduleGraph.getModule(dependency));
  if (!entry || otherEntries.length > 0) return null;
  const requested = entry.dependencies.filter(({ request }) => request === workflowsPath);
  const workflows = requested.length === 1 ? moduleGraph.getModule(requested[0]!) : null;
  const definitions = workflows && definitionsIn(workflows, moduleGraph);
  if (!definitions) return null;

  // The SDK, converters and interceptors are loaded before the workflows.
  const others = entry.dependencies.filter((dependency) => dependency !== requested[0]);
  const before = reachedFrom(modulesOf(others, moduleGraph), (module) => importedBy(module, moduleGraph));
  const imports = memoized((module) => importedBy(module, moduleGraph).filter((one) => !before.has(one)));
  const loaded = inLoadOrder(workflows, imports);
  const withEffects = loaded.filter(hasEffects);
  const ofAll = new Set([entry, ...before, workflows, ...reachedFrom(withEffects, imports)]);
  const isOrderSensitive = (module: Module): boolean => hasEffects(module) || isInCycle(module, imports);
  return {
    types: inputsOfSome(modules, ofAll, typesByModule(definitions, imports)),
    loadOrder: hash(loaded.filter(isOrderSensitive).map(({ resource }) => resource)),
  };
}

/** Returns true for a file and for a module that is left out of the bundle; false for a context, which stands for a directory. */
const isUnderstood = (module: Module): boolean =>
  module.resource !== undefined || module.constructor.name === 'RawModule';

/** The origin of an export: the module that defines it, and those that pass it on. */
interface Definition {
  module: Module;
  passedOnBy: ReadonlySet<Module>;
}

/** Returns the exports by their names, or null if webpack does not know all of them. */
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
    const files = filesOf(module);
    // A module that no type seems to use counts for all: the graph may be misunderstood.
    if (some === undefined || ofAll.has(module)) files.forEach((file) => filesOfAll.add(file));
    else for (const file of files) found.set(file, new Set([...(found.get(file) ?? []), ...some]));
  }
  const ofSome = [...found].filter(([file]) => !filesOfAll.has(file));
  return Object.fromEntries(ofSome.map(([file, some]) => [file, [...some].sort()]));
}

const hash = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
