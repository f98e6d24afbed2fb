import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Todo } from './worker-code';
import type { FoundProject } from './projects';
import type { Repository } from './repository';

/** Which config file a repository gets, and how that is written. */
export interface ConfigKind {
  file: string;
  style: 'import' | 'require';
}

const EXTENSIONS = ['ts', 'mts', 'js', 'mjs', 'cjs', 'json'];

/** The config file that is there already, in the order in which it is looked for; else null. */
export const existingConfig = (root: string): string | null =>
  EXTENSIONS.map((extension) => `replay.config.${extension}`).find((file) => existsSync(join(root, file))) ??
  null;

/** TypeScript for a repository in TypeScript, JavaScript of its kind for one in JavaScript. */
export function configKindOf(repository: Repository, projects: readonly FoundProject[]): ConfigKind {
  const { root, packages } = repository;
  const existing = existingConfig(root);
  const isModule = packages.find(({ dir }) => dir === root)?.json['type'] === 'module';
  if (existing !== null && !existing.endsWith('.json'))
    return { file: existing, style: styleOf(existing, isModule) };
  const tsConfigs = repository.tsConfigs(root);
  const isTypeScript =
    tsConfigs.length > 0 || projects.some(({ workflowsPath }) => /\.[cm]?tsx?$/.test(workflowsPath ?? ''));
  if (!isTypeScript) return { file: 'replay.config.js', style: isModule ? 'import' : 'require' };
  // One more .ts file that the root's tsconfig compiles would be an error (rootDir), or move all of its output.
  const wouldBeCompiled = tsConfigs.some(({ emitsOwnFolder, outDir }) => emitsOwnFolder && outDir !== null);
  return { file: wouldBeCompiled ? 'replay.config.mjs' : 'replay.config.ts', style: 'import' };
}

function styleOf(file: string, isModule: boolean): ConfigKind['style'] {
  if (file.endsWith('.cjs')) return 'require';
  return file.endsWith('.js') && !isModule ? 'require' : 'import';
}

/** The text of the config. What is to be filled in by hand stands in comments. */
export function renderConfig(projects: readonly FoundProject[], { style }: ConfigKind): string {
  const [load, start] =
    style === 'import'
      ? ["import { defineConfig } from 'temporal-replay';", 'export default defineConfig({']
      : ["const { defineConfig } = require('temporal-replay');", 'module.exports = defineConfig({'];
  return [
    '// Written by `replay init`. Paths are relative to this file.',
    load,
    '',
    start,
    ...indent(renderCode(projects)),
    "  histories: ['histories'],",
    '});',
    '',
  ].join('\n');
}

function renderCode(projects: readonly FoundProject[]): string[] {
  const [only] = projects;
  if (only === undefined)
    return [
      '// TODO: no worker was found. Name the file that exports the workflows.',
      `// workflowsPath: ${PLACEHOLDERS['workflowsPath']},`,
    ];
  if (projects.length === 1) return renderProject(only, []);
  return ['projects: [', ...indent(projects.flatMap(renderEntry)), '],'];
}

function renderEntry(project: FoundProject): string[] {
  const name = `name: ${quoted(project.name)}`;
  if (hasCode(project)) return ['{', ...indent(renderProject(project, [`${name},`])), '},'];
  // An entry without code is an error; it would keep the others from being replayed.
  return [
    ...project.todos.map(todoComment),
    `// { ${name}, workflowsPath: ${PLACEHOLDERS['workflowsPath']} },`,
  ];
}

export const hasCode = ({ workflowsPath, bundle }: FoundProject): boolean =>
  workflowsPath !== null || bundle !== null;

function renderProject(project: FoundProject, name: readonly string[]): string[] {
  const { ignoreModules, preloadModules } = project;
  const bundlerOptions = [
    ...(ignoreModules.length > 0 ? [`ignoreModules: ${list(ignoreModules)}`] : []),
    ...(preloadModules.length > 0 ? [`preloadModules: ${list(preloadModules)}`] : []),
  ];
  const one = (
    key: 'workflowsPath' | 'bundle' | 'payloadConverter' | 'failureConverter' | 'dataConverter' | 'namespace',
  ) => (project[key] === null ? [] : [`${key}: ${quoted(project[key])},`]);
  return [
    ...project.places.map(({ file, line }) => comment(`${file}:${line}`)),
    ...name,
    ...one('workflowsPath'),
    ...(project.bundle === null ? [] : ['// It has to be built before `replay run`.']),
    ...one('bundle'),
    ...one('namespace'),
    ...(project.workflowInterceptors.length > 0
      ? [`workflowInterceptors: ${list(project.workflowInterceptors)},`]
      : []),
    ...one('payloadConverter'),
    ...one('failureConverter'),
    ...one('dataConverter'),
    ...(bundlerOptions.length > 0 ? [`bundlerOptions: { ${bundlerOptions.join(', ')} },`] : []),
    ...project.todos.flatMap(placeholder),
  ];
}

const PLACEHOLDERS: Readonly<Record<string, string>> = {
  workflowsPath: "'src/workflows.ts'",
  dataConverter: "'src/data-converter.ts'",
  payloadConverter: "'src/payload-converter.ts'",
  failureConverter: "'src/failure-converter.ts'",
  workflowInterceptors: "['src/interceptors.ts']",
  bundlerOptions: '{ ignoreModules: [] }',
};

const placeholder = (todo: Todo): string[] => [
  todoComment(todo),
  `// ${todo.option}: ${PLACEHOLDERS[todo.option]},`,
];

const todoComment = ({ place, what }: Todo): string => comment(`TODO ${place.file}:${place.line}: ${what}`);

/** A file's name may hold what would end a comment. */
const comment = (text: string): string => `// ${text.replace(/\s+/g, ' ')}`;
const list = (items: readonly string[]): string => `[${items.map(quoted).join(', ')}]`;
const quoted = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
