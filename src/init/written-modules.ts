import { extname, posix } from 'node:path';
import type { FoundProject } from './projects';
import type { ConfigKind } from './render-config';
import { copyWithoutTypes } from './without-types';
import {
  type ConverterExport,
  type CopiedCode,
  type CopiedImport,
  type MovedOption,
  hasCode,
} from './worker-code';

/** A module to write beside the config, with a path relative to it. */
export interface WrittenModule {
  path: string;
  content: string;
}

/**
 * Gives each project a module with what the replay processes load by a name and no module of the repository exports by that name: a data
 * converter that is exported by another name or made by an export, and a data converter, plugins, sinks and hooks that the call of the
 * worker makes.
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
  const kind = {
    style: config.style,
    isModule: isModule || extension === '.mjs',
    isTyped: /^\.[cm]?ts$/.test(extension),
  };
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
      const plugins = pluginsCode && renderCopy('plugins', pluginsCode, kind);
      const worker =
        hasCode(project) && project.worker === null ? renderMoved(project.movedCode, kind) : null;
      return {
        ...project,
        ...(converter && { dataConverter: moduleOf('data-converter', converter) }),
        ...(plugins && { plugins: moduleOf('plugins', plugins) }),
        ...(worker && { worker: moduleOf('worker-options', worker) }),
      };
    }),
    modules: [...modules.values()],
  };
}

/** The way in which a module is written. */
interface ModuleKind {
  style: ConfigKind['style'];
  /** True if it is an ES module to Node, in which imports of files need their extensions. */
  isModule: boolean;
  /** True if it is TypeScript. */
  isTyped: boolean;
}

function renderCopy(
  name: 'dataConverter' | 'plugins',
  code: CopiedCode,
  kind: ModuleKind,
): { comment: string; code: string } {
  const copied = inLanguage(code, kind);
  return {
    comment: copiedFrom(WHAT[name], copied.from),
    code: [
      ...renderImports(copied.imports, kind),
      '',
      `${exportedAs(name, kind.style)} = ${renderValue(copied, kind)};`,
      '',
    ].join('\n'),
  };
}

/** Renders the options that only a module of `worker` can give. */
function renderMoved(
  moved: FoundProject['movedCode'],
  kind: ModuleKind,
): { comment: string; code: string } | null {
  const keys = Object.keys(moved) as MovedOption[];
  const [first] = keys;
  if (first === undefined) return null;
  const imports: CopiedImport[] = [];
  const lines = keys.map((key) => {
    const value = `${key}: ${renderValue(withOwnImports(inLanguage(moved[key]!, kind), imports), kind)},`;
    return indented(key === 'webpackConfigHook' ? `bundlerOptions: {\n${indented(value)}\n},` : value);
  });
  return {
    comment: copiedFrom(keys.join(' and '), moved[first]!.from),
    code: [
      ...renderImports(imports, kind),
      '',
      `${exportedAs('workerOptions', kind.style)} = {`,
      ...lines,
      '};',
      '',
    ].join('\n'),
  };
}

/** Adds the imports of copied code to those of a module. A name that stands for something else there already gets another one. */
function withOwnImports(copied: CopiedCode, imports: CopiedImport[]): CopiedCode {
  const renamed = copied.imports.flatMap((one) => {
    const known = imports.find(({ local }) => local === one.local);
    if (known === undefined) imports.push(one);
    if (known === undefined || JSON.stringify(known) === JSON.stringify(one)) return [];
    const local = `${one.local}${imports.length + 1}`;
    imports.push({ ...one, local });
    return [`const ${one.local} = ${local};`];
  });
  return { ...copied, statements: [...renamed, ...copied.statements] };
}

/** Returns copied code in the language of a module. Only code that can do without its types is copied. */
const inLanguage = (copied: CopiedCode, { isTyped }: ModuleKind): CopiedCode =>
  isTyped ? copied : copyWithoutTypes(copied)!;

/** Returns the expression that stands for copied code. Its declarations stand in a function, where they may have any name. */
function renderValue(
  { from, statements, usesDirectory, expression }: CopiedCode,
  { isModule, style }: ModuleKind,
): string {
  if (statements.length === 0 && !usesDirectory) return expression;
  const folder = posix.dirname(from);
  const own = isModule && style === 'import' ? 'import.meta.dirname' : '__dirname';
  const directory = folder === '.' ? own : `\`\${${own}}/${folder}\``;
  return [
    `((${usesDirectory ? '__dirname' : ''}) => {`,
    ...[...statements, `return ${expression};`].map(indented),
    `})(${usesDirectory ? directory : ''})`,
  ].join('\n');
}

/** Returns an import for each module, or one more where it is imported as a whole. */
function renderImports(imports: readonly CopiedImport[], { style, isModule }: ModuleKind): string[] {
  const modules = new Map<string, CopiedImport[]>();
  for (const one of imports) {
    const path = one.isFile ? `./${importedPath(one.module, isModule)}` : one.module;
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

const copiedFrom = (what: string, from: string): string =>
  `// Written by \`replay init\`: the ${what} of the worker in ${from}, copied. Let both import one module instead.`;

const exportedAs = (name: string, style: ConfigKind['style']): string =>
  style === 'import' ? `export const ${name}` : `exports.${name}`;

const indented = (text: string): string => text.replace(/^(?=.)/gm, '  ');

function renderExport(
  { module, isFile, name, isCalled }: ConverterExport,
  { style, isModule }: ModuleKind,
): { comment: string; code: string } {
  const from = `'${isFile ? `./${importedPath(module, isModule)}` : module}'`;
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
