import { extname } from 'node:path';
import type { FoundProject } from './projects';
import type { ConfigKind } from './render-config';
import type { ConverterExport } from './worker-code';

/** A module to write beside the config, with a path relative to it. */
export interface ConverterModule {
  path: string;
  content: string;
}

/**
 * Gives each project whose data converter is an export by another name, or is made by one, a module that exports it as `dataConverter`:
 * the replay processes load it by that name.
 *
 * @param isModule true if the package of the config has ES modules
 */
export function withConverterModules(
  projects: readonly FoundProject[],
  config: ConfigKind,
  isModule: boolean,
): { projects: FoundProject[]; modules: ConverterModule[] } {
  const modules = new Map<string, ConverterModule>();
  const extension = extname(config.file);
  const moduleFor = (exported: ConverterExport): string => {
    const content = render(exported, config.style, isModule || extension === '.mjs');
    const number = modules.size === 0 ? '' : `-${modules.size + 1}`;
    const module = modules.get(content) ?? { path: `replay.data-converter${number}${extension}`, content };
    modules.set(content, module);
    return module.path;
  };
  return {
    projects: projects.map((project) =>
      project.converterExport === null
        ? project
        : { ...project, dataConverter: moduleFor(project.converterExport) },
    ),
    modules: [...modules.values()],
  };
}

function render(
  { module, isFile, name, isCalled }: ConverterExport,
  style: ConfigKind['style'],
  needsExtension: boolean,
): string {
  const from = `'${isFile ? `./${importedPath(module, needsExtension)}` : module}'`;
  // The module declares `dataConverter` itself.
  const local = name === 'default' || name === 'dataConverter' ? 'makeDataConverter' : name;
  const renamed = (separator: string): string => (local === name ? name : `${name}${separator}${local}`);
  const imported =
    style === 'import'
      ? isCalled
        ? [`import { ${renamed(' as ')} } from ${from};`, '', `export const dataConverter = ${local}();`]
        : [`export { ${name === 'dataConverter' ? name : `${name} as dataConverter`} } from ${from};`]
      : isCalled
        ? [`const { ${renamed(': ')} } = require(${from});`, '', `exports.dataConverter = ${local}();`]
        : [`exports.dataConverter = require(${from}).${name};`];
  return ['// Written by `replay init`: the data converter that the worker is given.', ...imported, ''].join(
    '\n',
  );
}

/** Returns the path by which a module of the same kind imports a source file. */
const importedPath = (path: string, needsExtension: boolean): string =>
  /\.[cm]?[jt]sx?$/.test(path)
    ? path.replace(/\.([cm]?)[jt]sx?$/, (_, kind: string) =>
        needsExtension || kind !== '' ? `.${kind}js` : '',
      )
    : path;
