import { calleeText } from '../source/expressions';
import type { ModuleReader, ParsedModule } from '../source/module-reader';
import type { Node } from '../source/parse';
import { type Located, StaticExpressions } from '../source/static-expressions';
import { StaticTexts } from '../source/static-texts';
import { walkWithAncestors } from '../source/walk';
import { readTextFile } from '../util/read-text-file';
import { type CodeReading, OptionValues, packageDirOf } from './option-values';
import { readOptions } from './read-options';
import type { Repository } from './repository';
import { sourceOfImport } from './source-of-module';
import { WORKER_PACKAGE, workerApiOf } from './worker-api';
import { type CallSite, WorkerCallers } from './worker-callers';
import type { FoundCode, FoundWorkers, Place } from './worker-code';
import { hasNoWorkflows } from './workflow-code-option';

/** Reads the calls of `Worker.create` and `bundleWorkflowCode` in the repository's sources. */
export function findWorkers(repository: Repository, read: ModuleReader): FoundWorkers {
  const reading = codeReading(repository, read);
  const code: FoundCode[] = [];
  const activitiesOnly: Place[] = [];
  const seen = new Set<Node>();
  const callers = new WorkerCallers(repository, read, reading.expressions);
  for (const site of repository.sources.flatMap((path) => callsIn(path, read))) {
    const { node, module, call } = site;
    const argument = node.arguments[0];
    if (!argument) continue;
    for (const called of callers.of(site)) {
      const given = { node: argument, module, called };
      addObjects(given, reading.expressions, seen);
      const options = new OptionValues(given, node, reading);
      if (call === 'worker' && hasNoWorkflows(options)) activitiesOnly.push(options.place);
      else code.push(readOptions(options, call));
    }
  }
  const elsewhere = repository.sources.flatMap((path) => optionsIn(path, read, reading, seen));
  return { code: withoutWrappers([...code, ...elsewhere]), activitiesOnly };
}

function codeReading(repository: Repository, read: ModuleReader): CodeReading {
  const expressions = new StaticExpressions({
    read,
    resolve: (specifier, from) => sourceOfImport(specifier, from, repository),
  });
  const texts = new StaticTexts(expressions, (file) => packageDirOf(file, repository));
  return { repository, read, expressions, texts };
}

interface FoundCall extends CallSite {
  call: 'worker' | 'bundle';
}

function callsIn(path: string, read: ModuleReader): FoundCall[] {
  const module = productionModule(path, WORKER_PACKAGE, read);
  if (module === null) return [];
  return [...walkWithAncestors(module.program)].flatMap(({ node, ancestors }) => {
    if (node.type !== 'CallExpression') return [];
    const call = workerApiOf(node, module);
    return call === null ? [] : [{ module, node, call, ancestors }];
  });
}

/** Reads a module that mentions a word. Returns null for any other, and for one that starts a test server. */
function productionModule(path: string, word: string, read: ModuleReader): ParsedModule | null {
  if (!readTextFile(path)?.includes(word)) return null;
  const module = read(path);
  const isTest = module?.program.body.some(
    (statement) => statement.type === 'ImportDeclaration' && statement.source.value === '@temporalio/testing',
  );
  return isTest ? null : module;
}

/** Adds the objects that the options of a call consist of. */
function addObjects(options: Located, expressions: StaticExpressions, objects: Set<Node>): void {
  for (const found of expressions.expand(options)) {
    if (found.node.type !== 'ObjectExpression' || objects.has(found.node)) continue;
    objects.add(found.node);
    for (const property of found.node.properties)
      if (property.type === 'SpreadElement')
        addObjects({ ...found, node: property.argument }, expressions, objects);
  }
}

/**
 * Reads the objects with a `workflowsPath` in a file that are not in `seen`. They are given to a function or a framework
 * that creates the worker in code that cannot be read.
 */
function optionsIn(path: string, read: ModuleReader, reading: CodeReading, seen: Set<Node>): FoundCode[] {
  const module = isReplayConfig(path) ? null : productionModule(path, 'workflowsPath', read);
  if (module === null) return [];
  const found: FoundCode[] = [];
  for (const { node, ancestors } of walkWithAncestors(module.program)) {
    if (!hasWorkflowsPath(node) || seen.has(node) || isGivenToReplay(ancestors)) continue;
    const given = { node, module };
    addObjects(given, reading.expressions, seen);
    const options = readOptions(new OptionValues(given, node, reading), 'options');
    if (options.workflowsPath !== null) found.push(options);
  }
  return found;
}

const hasWorkflowsPath = (node: Node): boolean =>
  node.type === 'ObjectExpression' &&
  node.properties.some(
    (property) =>
      property.type === 'Property' &&
      property.key.type === 'Identifier' &&
      property.key.name === 'workflowsPath',
  );

const isGivenToReplay = (ancestors: readonly Node[]): boolean =>
  ancestors.some((node) => node.type === 'CallExpression' && /replay/i.test(calleeText(node)));

const isReplayConfig = (path: string): boolean => /(^|[\\/])replay\.config\.[cm]?[jt]s$/.test(path);

/** Leaves out a worker that is created from a parameter if the options that it is given were found elsewhere. */
function withoutWrappers(code: readonly FoundCode[]): FoundCode[] {
  const isElsewhere = code.some(({ call }) => call === 'options');
  return code.filter(({ call, workflowsPath, bundle }) => {
    const isUnknown = workflowsPath === null && bundle === null;
    return !(isElsewhere && call === 'worker' && isUnknown);
  });
}
