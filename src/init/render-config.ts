import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Todo, hasCode } from './worker-code';
import type { FoundProject } from './projects';
import type { Repository } from './repository';

/** The name and module style of a config file. */
export interface ConfigKind {
  file: string;
  style: 'import' | 'require';
}

const EXTENSIONS = ['ts', 'mts', 'js', 'mjs', 'cjs', 'json'];

/** Returns the name of the existing config file that a run would read, or null if there is none. */
export const existingConfig = (root: string): string | null =>
  EXTENSIONS.map((extension) => `replay.config.${extension}`).find((file) => existsSync(join(root, file))) ??
  null;

/** Returns true if the package at the root has ES modules. */
export const isOfModules = ({ root, packages }: Repository): boolean =>
  packages.find(({ dir }) => dir === root)?.json['type'] === 'module';

/** Returns the kind of config for a repository: TypeScript or JavaScript, as its own code. */
export function configKindOf(repository: Repository, projects: readonly FoundProject[]): ConfigKind {
  const { root } = repository;
  const existing = existingConfig(root);
  const isModule = isOfModules(repository);
  if (existing !== null && !existing.endsWith('.json'))
    return { file: existing, style: styleOf(existing, isModule) };
  const tsConfigs = repository.tsConfigs(root);
  const isTypeScript =
    tsConfigs.length > 0 || projects.some(({ workflowsPath }) => /\.[cm]?tsx?$/.test(workflowsPath ?? ''));
  if (!isTypeScript) return { file: 'replay.config.js', style: isModule ? 'import' : 'require' };
  // If the root's tsconfig compiles the config too, that is an error (rootDir), or changes where all of its output goes.
  const wouldBeCompiled = tsConfigs.some(({ emitsOwnFolder, outDir }) => emitsOwnFolder && outDir !== null);
  return { file: wouldBeCompiled ? 'replay.config.mjs' : 'replay.config.ts', style: 'import' };
}

function styleOf(file: string, isModule: boolean): ConfigKind['style'] {
  if (file.endsWith('.cjs')) return 'require';
  return file.endsWith('.js') && !isModule ? 'require' : 'import';
}

/** Returns the text of the config. Options that the user has to fill in are comments. */
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
  if (only !== undefined && projects.length === 1) return renderProject(only, []);
  return ['projects: [', ...indent(projects.flatMap(renderEntry)), '],'];
}

function renderEntry(project: FoundProject): string[] {
  const name = `name: ${quoted(project.name)}`;
  if (hasCode(project)) return ['{', ...indent(renderProject(project, [`${name},`])), '},'];
  // An entry without code is an error, and no project would be replayed.
  return [
    ...project.todos.map(todoComment),
    `// { ${name}, workflowsPath: ${PLACEHOLDERS['workflowsPath']} },`,
  ];
}

type TextOption =
  | 'worker'
  | 'workflowsPath'
  | 'bundle'
  | 'payloadConverter'
  | 'failureConverter'
  | 'dataConverter'
  | 'plugins'
  | 'namespace'
  | 'deploymentVersion';

function renderProject(project: FoundProject, name: readonly string[]): string[] {
  const { ignoreModules, preloadModules } = project;
  const bundlerOptions = [
    ...(ignoreModules.length > 0 ? [`ignoreModules: ${list(ignoreModules)}`] : []),
    ...(preloadModules.length > 0 ? [`preloadModules: ${list(preloadModules)}`] : []),
  ];
  const one = (key: TextOption) => (project[key] === null ? [] : [`${key}: ${quoted(project[key])},`]);
  const isQueueNamed = name.length === 0 || project.taskQueue === null || project.taskQueue === project.name;
  return [
    ...project.places.map(({ file, line }) => comment(`${file}:${line}`)),
    ...name,
    // Without it, the name stands for the task queue.
    ...(isQueueNamed ? [] : [`taskQueue: ${quoted(project.taskQueue!)},`]),
    ...one('deploymentVersion'),
    ...one('worker'),
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
    ...one('plugins'),
    ...(project.reuseV8Context === null ? [] : [`reuseV8Context: ${project.reuseV8Context},`]),
    ...(project.workflowFailureErrorTypes === null
      ? []
      : [`workflowFailureErrorTypes: { ${errorTypes(project.workflowFailureErrorTypes)} },`]),
    ...(bundlerOptions.length > 0 ? [`bundlerOptions: { ${bundlerOptions.join(', ')} },`] : []),
    ...placeholders(project.todos),
  ];
}

const PLACEHOLDERS: Readonly<Record<string, string>> = {
  worker: "'src/worker-options.ts'",
  reuseV8Context: 'true',
  workflowFailureErrorTypes: "{ '*': [] }",
  workflowsPath: "'src/workflows.ts'",
  dataConverter: "'src/data-converter.ts'",
  payloadConverter: "'src/payload-converter.ts'",
  failureConverter: "'src/failure-converter.ts'",
  workflowInterceptors: "['src/interceptors.ts']",
  bundlerOptions: '{ ignoreModules: [] }',
};

const errorTypes = (types: Readonly<Record<string, readonly string[]>>): string =>
  Object.entries(types)
    .map(([type, names]) => `${/^[A-Za-z_]\w*$/.test(type) ? type : quoted(type)}: ${list(names)}`)
    .join(', ');

/** Returns the comments of options that have to be filled in, each option once. */
function placeholders(todos: readonly Todo[]): string[] {
  const options = [...new Set(todos.map(({ option }) => option))];
  return options.flatMap((option) => [
    ...todos.filter((todo) => todo.option === option).map(todoComment),
    ...(option === 'worker' ? WORKER_ADVICE.map(comment) : []),
    `// ${option}: ${PLACEHOLDERS[option]},`,
  ]);
}

/** The advice that is shown once for all options that only the module of `worker` can give. */
export const WORKER_ADVICE = [
  'Only `worker` lets these count: move what Worker.create is given into a module of its own that starts nothing,',
  'export it as `workerOptions`, and name that module here.',
];

const todoComment = ({ place, what }: Todo): string => comment(`TODO ${place.file}:${place.line}: ${what}`);

/** Returns a comment of one line, also for a file name with a line break. */
const comment = (text: string): string => `// ${text.replace(/\s+/g, ' ')}`;
const list = (items: readonly string[]): string => `[${items.map(quoted).join(', ')}]`;
const quoted = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
