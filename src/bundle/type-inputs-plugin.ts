import type { TSESTree } from '@typescript-eslint/types';
import { isInPackage } from '../source/own-source';
import { hasLoadEffects } from './load-effects';
import { ALL_INPUTS_OF_ALL_TYPES, type TypeInputs, typeInputsOf, withCode } from './type-inputs';
import type { Dependency, Module, ModuleGraph } from './webpack-graph';

interface Tap<Fn> {
  tap(name: string, fn: Fn): void;
}
interface Compiler {
  hooks: {
    compilation: Tap<(compilation: Compilation, params: { normalModuleFactory: ModuleFactory }) => void>;
  };
}
interface Compilation {
  modules: Iterable<Module>;
  entries: ReadonlyMap<string, { dependencies: Dependency[] }>;
  moduleGraph: ModuleGraph;
  chunkGraph: {
    getModuleRuntimes(module: Module): Iterable<unknown>;
    getModuleId(module: Module): string | number | null;
  };
  codeGenerationResults: {
    get(
      module: Module,
      runtime: unknown,
    ): { sources: ReadonlyMap<string, { source(): string | Uint8Array }> };
  };
  hooks: { seal: Tap<() => void>; afterCodeGeneration: Tap<() => void> };
}
interface ModuleFactory {
  hooks: { parser: { for(type: string): Tap<(parser: Parser) => void> } };
}
interface Parser {
  state: { module: Module };
  hooks: { program: Tap<(program: TSESTree.Program, comments: TSESTree.Comment[]) => void> };
}

const NAME = 'temporal-replay-type-inputs';
/** The key of a module's `buildInfo` that is true if the module only defines what it exports. */
const WITHOUT_LOAD_EFFECTS = 'temporalReplayWithoutLoadEffects';

/**
 * A plugin of webpack that finds out which inputs count for which workflow types. It reads webpack's graph, modules from
 * a cache included, and does not change the bundle.
 */
export class TypeInputsPlugin {
  found: TypeInputs = ALL_INPUTS_OF_ALL_TYPES;

  /** @param workflowsPath the request with which the bundle's entry imports the workflows */
  constructor(private readonly workflowsPath: string) {}

  apply(compiler: Compiler): void {
    compiler.hooks.compilation.tap(NAME, (compilation, { normalModuleFactory }) => {
      for (const type of ['javascript/auto', 'javascript/esm'])
        normalModuleFactory.hooks.parser.for(type).tap(NAME, markModulesWithoutEffects);
      // At this time the graph is complete, but not optimized yet.
      compilation.hooks.seal.tap(NAME, () => {
        this.found = this.read(compilation);
      });
      compilation.hooks.afterCodeGeneration?.tap(NAME, () => {
        this.found = this.readCode(compilation);
      });
    });
  }

  private readCode(compilation: Compilation): TypeInputs {
    try {
      const modules = [...compilation.modules];
      return withCode(this.found, modules, (module) => generatedCode(module, compilation));
    } catch {
      return this.found;
    }
  }

  /** Another version of webpack may have another graph. Then all inputs count for all types. */
  private read({ modules, entries, moduleGraph }: Compilation): TypeInputs {
    try {
      const entryPoints = [...entries.values()].flatMap(({ dependencies }) => dependencies);
      const graph = { modules: [...modules], entryPoints, moduleGraph, hasEffects };
      return typeInputsOf(graph, this.workflowsPath) ?? ALL_INPUTS_OF_ALL_TYPES;
    } catch {
      return ALL_INPUTS_OF_ALL_TYPES;
    }
  }
}

/** Returns the code of a module and the id by which others refer to it. @throws in a webpack that keeps them elsewhere */
function generatedCode(module: Module, { chunkGraph, codeGenerationResults }: Compilation): string {
  const parts = [...chunkGraph.getModuleRuntimes(module)].flatMap((runtime) => [
    ...codeGenerationResults.get(module, runtime).sources.values(),
  ]);
  return [chunkGraph.getModuleId(module), ...parts.map((part) => part.source())].join('\n');
}

function markModulesWithoutEffects(parser: Parser): void {
  parser.hooks.program.tap(NAME, (program, comments) => {
    const { module } = parser.state;
    if (module.buildInfo && !isInPackage(module.resource ?? ''))
      module.buildInfo[WITHOUT_LOAD_EFFECTS] = !hasLoadEffects(program, comments);
  });
}

/** Returns true if loading a module may change how others behave. A module without a resource is ignored, and empty. */
const hasEffects = ({ resource, type, buildMeta, buildInfo }: Module): boolean =>
  resource !== undefined &&
  type !== 'json' &&
  (buildMeta?.exportsType !== 'namespace' || buildInfo?.[WITHOUT_LOAD_EFFECTS] !== true);
