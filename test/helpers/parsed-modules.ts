import { importedFile } from '../../lib/source/imported-file';
import type { ParsedModule } from '../../lib/source/module-reader';
import { parseSource } from '../../lib/source/parse';
import { type FoundPatchCall, patchCallsIn } from '../../lib/source/patch-calls';
import type { ModuleAccess } from '../../lib/source/static-expressions';

/** Parses texts by the paths of their files. They import one another, and no other file. */
export function parsedModules(files: Readonly<Record<string, string>>): {
  modules: ParsedModule[];
  access: ModuleAccess;
} {
  const modules = Object.entries(files).map(([path, text]) => ({
    path,
    program: parseSource(text, path)!.program,
  }));
  return {
    modules,
    access: {
      read: (path) => modules.find((module) => module.path === path) ?? null,
      resolve: (specifier, from) => importedFile(specifier, from, Object.keys(files)),
    },
  };
}

/** Returns the calls of patches in texts by the paths of their files. */
export function patchCallsInTexts(files: Readonly<Record<string, string>>): FoundPatchCall[] {
  const { modules, access } = parsedModules(files);
  return patchCallsIn(modules, access);
}
