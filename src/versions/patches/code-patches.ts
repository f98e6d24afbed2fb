import type { PlacedPatchCall } from '../../model/patches';
import type { ReplayedCode } from '../../run/replayed-code';
import { isInPackage } from '../../source/own-source';
import { type FoundPatchCall, patchCallsIn } from '../../source/patch-calls';
import { readTextFile } from '../../util/read-text-file';
import { TypeReach } from '../type-reach';

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
  const reach = new TypeReach(code);
  // Shared code of a company comes in packages, too.
  const inPackages = code.inputs.filter(
    (file) => isInPackage(file) && !IS_SDK.test(file) && namesPatches(file),
  );
  const found = patchCallsIn([...reach.own, ...reach.modulesOf(inPackages)], reach.access);
  return found.map((call) => ({
    ...{ file: call.file, line: call.line, column: call.column, id: call.id, call: call.call, found: call },
    workflowTypes: reach.typesAt(call),
  }));
}

const IS_SDK = /[\\/]node_modules[\\/](@temporalio|temporal-replay)[\\/]/;

const namesPatches = (file: string): boolean => /\b(patched|deprecatePatch)\b/.test(readTextFile(file) ?? '');

const sorted = (names: readonly string[]): string[] => [...new Set(names)].sort();
