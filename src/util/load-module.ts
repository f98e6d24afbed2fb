import { existsSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { directoriesFrom } from './directories-from';
import { isDirectory } from './file-kind';
import { readTextFile } from './read-text-file';
import type { TsConfigFile } from './tsconfig-of-file';

type Jiti = ReturnType<typeof import('jiti').createJiti>;
type JitiOptions = NonNullable<Parameters<typeof import('jiti').createJiti>[1]>;

/** The exports of a module. `default` is the module itself if it has no default export. */
export type ModuleExports = Record<string, unknown>;

/**
 * Loads a module of the user as Node would run it: TypeScript or JavaScript, ESM or CommonJS, with the `paths` and `baseUrl` of
 * its tsconfig file.
 *
 * A module of a CommonJS package is loaded by `require`, as the compiled service does, so that packages with a build for each
 * kind give the same one. If it needs what only ES modules can do, it is loaded as one of those.
 */
export async function loadModule(path: string): Promise<ModuleExports> {
  // The libraries are loaded only here: most runs have no such module, and each replay process would load them.
  const { createJiti } = require('jiti') as typeof import('jiti');
  const jiti = createJiti(path, optionsFor(path));
  return isCommonJs(path) ? loadCommonJs(jiti, path) : loadEsModule(jiti, path);
}

async function loadCommonJs(jiti: Jiti, path: string): Promise<ModuleExports> {
  try {
    return jiti(path) as ModuleExports;
  } catch (err) {
    if (!needsEsModules(err)) throw err;
    return jiti.import<ModuleExports>(path);
  }
}

async function loadEsModule(jiti: Jiti, path: string): Promise<ModuleExports> {
  try {
    return await jiti.import<ModuleExports>(path);
  } catch (err) {
    if (!lacksImport(err)) throw err;
    return jiti(path) as ModuleExports;
  }
}

/** Returns true for an error of `require` that `import` does not have: top-level await, and packages without a CommonJS build. */
function needsEsModules(err: unknown): boolean {
  const { name, message = '', code = '' } = (err ?? {}) as { name?: string; message?: string; code?: string };
  return name === 'SyntaxError' || /^await is /.test(message) || /^ERR_REQUIRE_/.test(code);
}

/** Returns true for the error of a realm without `import()`, such as jest's. */
const lacksImport = (err: unknown): boolean =>
  /^ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING/.test((err as { code?: string } | null)?.code ?? '');

function optionsFor(path: string): JitiOptions {
  const { TsConfigFiles } = require('./tsconfig-of-file') as typeof import('./tsconfig-of-file');
  const { config, files } = new TsConfigFiles().of(path);
  const interop = { interopDefault: true };
  if (config === null) return interop;
  // jiti finds `tsconfig.json` by itself, for each file. It knows no project references and fails if a base is missing.
  const isFoundByJiti = config.path === files[0] && basename(config.path) === 'tsconfig.json';
  return isFoundByJiti && config.isComplete
    ? { ...interop, tsconfigPaths: true }
    : { ...interop, alias: aliasesOf(config) };
}

/** Returns `paths` as prefixes of modules' names, each with the directory or file that it stands for. */
function aliasesOf({ compilerOptions: { paths = {} }, pathsOf }: TsConfigFile): Record<string, string> {
  const aliases: Record<string, string> = {};
  for (const pattern of Object.keys(paths)) {
    const [, prefix] = /^(.+)\/\*$/.exec(pattern) ?? [];
    if (prefix === undefined)
      Object.assign(aliases, !pattern.includes('*') && { [pattern]: pathsOf(pattern)[0] });
    else {
      const directories = pathsOf(`${prefix}/any`).map((path) => dirname(path));
      Object.assign(aliases, { [prefix]: directories.find((path) => existsSync(path)) ?? directories[0] });
    }
  }
  return aliases;
}

/** Returns true if Node treats the module as CommonJS: by its extension, or else by `type` of the package that it is in. */
function isCommonJs(path: string): boolean {
  const extension = extname(path);
  if (/^\.m[jt]s$/.test(extension)) return false;
  if (/^\.c[jt]s$/.test(extension)) return true;
  for (const directory of directoriesFrom(isDirectory(path) ? path : dirname(path))) {
    const text = readTextFile(join(directory, 'package.json'));
    if (text !== null) return typeOf(text) !== 'module';
  }
  return true;
}

function typeOf(packageJson: string): unknown {
  try {
    return (JSON.parse(packageJson) as { type?: unknown } | null)?.type;
  } catch {
    return undefined;
  }
}
