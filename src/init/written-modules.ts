import { extname } from 'node:path';
import type { FoundProject } from './projects';
import type { ConfigKind } from './render-config';
import type { ConverterExport, CopiedCode, CopiedImport } from './worker-code';

/** A module to write beside the config, with a path relative to it. */
export interface WrittenModule {
  path: string;
  content: string;
}

/**
 * Gives each project a module with what the replay processes load by a name and no module of the repository exports by that name: a data
 * converter that is exported by another name or made by an export, and a data converter or plugins that the call of the worker makes.
 *
 * @param isModule true if the package of the config has ES modules
 */
export function withWrittenModules(
  projects: readonly FoundProject[],
  config: ConfigKind,
  isModule: boolean,
): { projects: FoundProject[]; modules: WrittenModule[] } {
  const modules = new Map<string, WrittenModule>();
  const extension = extname(config.file);
  const kind = { style: config.style, needsExtension: isModule || extension === '.mjs' };
  const moduleOf = (name: string, { comment, code }: { comment: string; code: string }): string => {
    const namesakes = [...modules.values()].filter(({ path }) => path.startsWith(`replay.${name}`)).length;
    const number = namesakes === 0 ? '' : `-${namesakes + 1}`;
    const path = `replay.${name}${number}${extension}`;
    const module = modules.get(code) ?? { path, content: `${comment}\n${code}` };
    modules.set(code, module);
    return module.path;
  };
  return {
    projects: projects.map((project) => {
      const { converterExport: exported, converterCode, pluginsCode } = project;
      const converter = exported
        ? renderExport(exported, kind)
        : converterCode && renderCopy('dataConverter', converterCode, kind);
      return {
        ...project,
        ...(converter && { dataConverter: moduleOf('data-converter', converter) }),
        ...(pluginsCode && { plugins: moduleOf('plugins', renderCopy('plugins', pluginsCode, kind)) }),
      };
    }),
    modules: [...modules.values()],
  };
}

/** The way in which a module is written. */
interface ModuleKind {
  style: ConfigKind['style'];
  /** True if imports of files need their extensions. */
  needsExtension: boolean;
}

function renderCopy(
  name: 'dataConverter' | 'plugins',
  { from, imports, statements, expression }: CopiedCode,
  kind: ModuleKind,
): { comment: string; code: string } {
  const { style } = kind;
  // The declarations stand in a function, where they may have the name of the export.
  const made =
    statements.length === 0
      ? [`${exportedAs(name, style)} = ${expression};`]
      : [
          `${exportedAs(name, style)} = (() => {`,
          ...[...statements, `return ${expression};`].map(indented),
          '})();',
        ];
  return {
    comment: `// Written by \`replay init\`: the ${WHAT[name]} of the worker in ${from}, copied. Let both import one module instead.`,
    code: [...renderImports(imports, kind), '', ...made, ''].join('\n'),
  };
}

/** Returns an import for each module, or one more where it is imported as a whole. */
function renderImports(imports: readonly CopiedImport[], { style, needsExtension }: ModuleKind): string[] {
  const modules = new Map<string, CopiedImport[]>();
  for (const one of imports) {
    const path = one.isFile ? `./${importedPath(one.module, needsExtension)}` : one.module;
    modules.set(path, [...(modules.get(path) ?? []), one]);
  }
  return [...modules].flatMap(([path, all]) => {
    const whole = all.filter(({ name }) => name === '*').map(({ local }) => local);
    const named = all.filter(({ name }) => name !== '*');
    const separator = style === 'import' ? ' as ' : ': ';
    const names = named.map(({ local, name }) => (name === local ? name : `${name}${separator}${local}`));
    const list = names.length === 0 ? [] : [`{ ${names.join(', ')} }`];
    return style === 'import'
      ? [...whole.map((local) => `* as ${local}`), ...list].map((what) => `import ${what} from '${path}';`)
      : [...whole, ...list].map((what) => `const ${what} = require('${path}');`);
  });
}

const WHAT = { dataConverter: 'data converter', plugins: 'plugins' };

const exportedAs = (name: string, style: ConfigKind['style']): string =>
  style === 'import' ? `export const ${name}` : `exports.${name}`;

const indented = (text: string): string => text.replace(/^(?=.)/gm, '  ');

function renderExport(
  { module, isFile, name, isCalled }: ConverterExport,
  { style, needsExtension }: ModuleKind,
): { comment: string; code: string } {
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
  return {
    comment: '// Written by `replay init`: the data converter that the worker is given.',
    code: [...imported, ''].join('\n'),
  };
}

/** Returns the path by which a module of the same kind imports a source file. */
const importedPath = (path: string, needsExtension: boolean): string =>
  /\.[cm]?[jt]sx?$/.test(path)
    ? path.replace(/\.([cm]?)[jt]sx?$/, (_, kind: string) =>
        needsExtension || kind !== '' ? `.${kind}js` : '',
      )
    : path;
