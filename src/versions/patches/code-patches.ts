import type { PlacedPatchCall } from '../../model/patches';
import type { ReplayedCode } from '../../run/replayed-code';
import { CodeReach } from '../../source/code-reach';
import { exportsOf } from '../../source/exports';
import { importedFile } from '../../source/imported-file';
import { type ParsedModule, createModuleReader } from '../../source/module-reader';
import { isInPackage, isOwnSource } from '../../source/own-source';
import type { Node } from '../../source/parse';
import { type FoundPatchCall, patchCallsIn } from '../../source/patch-calls';
import type { ModuleAccess } from '../../source/static-expressions';
import { readTextFile } from '../../util/read-text-file';

/** A call of a patch in the code of one or more workers. */
export interface CodePatchCall extends PlacedPatchCall {
  id: string | null;
  found: FoundPatchCall;
}

/** The patches of the code of a run. */
export interface CodePatches {
  calls: readonly CodePatchCall[];
  /** The workflow types of the code, sorted. */
  workflowTypes: readonly string[];
  /** True if the code has a workflow of any type, see `default` in the SDK's docs. */
  takesAnyType: boolean;
}

/** The type under which a worker runs every type that it does not export. */
const ANY_TYPE = 'default';

/** Finds the calls of patches in the code of projects, and the workflow types that may come to each. */
export function patchesIn(code: readonly ReplayedCode[]): CodePatches {
  const calls = new Map<string, CodePatchCall>();
  for (const project of code)
    for (const call of callsIn(project)) {
      const key = `${call.file}:${call.line}:${call.column} ${call.id ?? ''}`;
      const known = calls.get(key);
      if (known) known.workflowTypes = sorted([...known.workflowTypes, ...call.workflowTypes]);
      else calls.set(key, call);
    }
  const workflowTypes = sorted(code.flatMap((one) => one.workflowTypes ?? []));
  return { calls: [...calls.values()], workflowTypes, takesAnyType: workflowTypes.includes(ANY_TYPE) };
}

function callsIn(code: ReplayedCode): CodePatchCall[] {
  const read = createModuleReader();
  const own = code.inputs.filter(isOwnSource);
  // Shared code of a company comes in packages, too.
  const inPackages = code.inputs.filter(
    (file) => isInPackage(file) && !IS_SDK.test(file) && namesPatches(file),
  );
  const modulesOf = (files: readonly string[]): ParsedModule[] => files.flatMap((file) => read(file) ?? []);
  const access: ModuleAccess = {
    read,
    resolve: (specifier, from) => importedFile(specifier, from, own),
  };
  const ownModules = modulesOf(own);
  const found = patchCallsIn([...ownModules, ...modulesOf(inPackages)], access);
  if (found.length === 0) return [];
  const reached = statementsByType(code.workflowTypes ?? [], ownModules, access);
  return found.map((call) => ({
    ...{ file: call.file, line: call.line, column: call.column, id: call.id, call: call.call, found: call },
    workflowTypes: typesReaching(call, code, reached),
  }));
}

const IS_SDK = /[\\/]node_modules[\\/](@temporalio|temporal-replay)[\\/]/;

const namesPatches = (file: string): boolean => /\b(patched|deprecatePatch)\b/.test(readTextFile(file) ?? '');

/** Returns the statements that each workflow type may run; null for a type that may run any. */
function statementsByType(
  types: readonly string[],
  modules: readonly ParsedModule[],
  access: ModuleAccess,
): Map<string, ReadonlySet<Node> | null> {
  const reach = new CodeReach(access);
  return new Map(
    types.map((type) => {
      // The type is exported by the workflows' own module, and by those that it comes from.
      const sets = modules
        .filter((module) => exportsOf(type, module).some((one) => 'node' in one))
        .map((module) => reach.of(module, type));
      const isKnown = sets.length > 0 && !sets.includes(null);
      return [type, isKnown ? new Set(sets.flatMap((set) => [...set!])) : null];
    }),
  );
}

function typesReaching(
  call: FoundPatchCall,
  { workflowTypes, typeInputs }: ReplayedCode,
  reached: ReadonlyMap<string, ReadonlySet<Node> | null>,
): string[] {
  const all = workflowTypes ?? [];
  const ofModule = all.filter((type) => typeInputs.types[call.file]?.includes(type) ?? true);
  const [, statement] = call.ancestors;
  const top = statement ?? call.node;
  const exact = ofModule.filter((type) => reached.get(type)?.has(top) ?? true);
  // Code that no type comes to by name, such as an interceptor's, counts for all types that load it.
  return sorted(exact.length > 0 ? exact : ofModule);
}

const sorted = (names: readonly string[]): string[] => [...new Set(names)].sort();
