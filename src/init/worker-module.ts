import type { TSESTree } from '@typescript-eslint/types';
import { NAMESPACE, bindingsOf } from '../source/bindings';
import { exportsOf } from '../source/exports';
import { calleeText, keyOf, withoutWrappers } from '../source/expressions';
import { isFunction } from '../source/functions';
import type { ParsedModule } from '../source/module-reader';
import type { Node } from '../source/parse';
import { type Located, callOf } from '../source/static-expressions';
import type { OptionValues } from './option-values';
import { sourceOfImport } from './source-of-module';
import { startsWorkerOnImport } from './start-on-import';

/** A module that exports the options of a worker, or a part of them. */
export interface WorkerModule {
  /** Absolute path. */
  path: string;
  /** The name that it exports them by. */
  name: string;
  /** The expression that stands for the exported options where the worker is created. */
  value: Located;
}

/** The names by which the option `worker` finds the options. */
const KNOWN_NAMES = new Set(['workerOptions', 'default']);

/** Returns true if the option `worker` finds the options that the module exports. */
export const isKnownName = ({ name }: WorkerModule): boolean => KNOWN_NAMES.has(name);

/**
 * Returns the module that exports what a worker is given, or all of it but a few options. Returns null if there is none or more than
 * one, and for a module that would start a worker when it is imported.
 */
export function workerModuleOf(options: OptionValues): WorkerModule | null {
  const found = exportedBy(options.options, options);
  const [first] = found;
  if (first === undefined || found.some(({ path, name }) => path !== first.path || name !== first.name))
    return null;
  return startsWorkerOnImport(first.path, options) ? null : first;
}

const MAX_STEPS = 8;

/** Returns the exports that an expression consists of: it names one, calls one without arguments, or spreads one into an object. */
function exportedBy(at: Located, options: OptionValues, steps = 0): WorkerModule[] {
  if (steps > MAX_STEPS) return [];
  const node = withoutWrappers(at.node);
  const into = (next: Node): WorkerModule[] => exportedBy({ ...at, node: next }, options, steps + 1);
  switch (node.type) {
    case 'AwaitExpression':
      return into(node.argument);
    case 'ObjectExpression':
      return node.properties.flatMap((property) =>
        property.type === 'SpreadElement' ? into(property.argument) : [],
      );
    case 'CallExpression': {
      if (calleeText(node) === 'Object.freeze' && node.arguments[0]) return into(node.arguments[0]);
      return node.arguments.length > 0 ? [] : ofName(node.callee, { ...at, node }, options, steps);
    }
    case 'Identifier':
    case 'MemberExpression':
      return ofName(node, { ...at, node }, options, steps);
    default:
      return [];
  }
}

/** Returns the exports that a name or a member of a module leads to. `value` is the name, or the call of it. */
function ofName(name: Node, value: Located, options: OptionValues, steps: number): WorkerModule[] {
  const { module } = value;
  const ofImport = (specifier: string, exported: string): WorkerModule[] => {
    const path = sourceOfImport(specifier, module.path, options.repository);
    return path === null ? [] : [{ path, name: exported, value }];
  };
  if (name.type === 'MemberExpression') {
    const key = keyOf(name);
    const binding =
      name.object.type === 'Identifier' ? bindingsOf(name.object.name, name.object, module)[0] : undefined;
    return binding?.kind === 'import' && binding.name === NAMESPACE && key !== null
      ? ofImport(binding.specifier, key)
      : [];
  }
  if (name.type !== 'Identifier') return [];
  const own = exportedNameOf(name, module);
  return bindingsOf(name.name, name, module).flatMap((binding) => {
    switch (binding.kind) {
      case 'import':
        return ofImport(binding.specifier, binding.name);
      case 'function':
        return own === null ? [] : [{ path: module.path, name: own, value }];
      case 'value': {
        if (own !== null) return [{ path: module.path, name: own, value }];
        const isCalled = value.node.type === 'CallExpression';
        return isCalled ? [] : exportedBy({ ...value, node: binding.node }, options, steps + 1);
      }
      case 'parameter': {
        const call = callOf(binding.of, value.called);
        const argument = binding.key === null ? call?.node.arguments[binding.index] : undefined;
        return call && argument ? exportedBy({ ...call, node: argument }, options, steps + 1) : [];
      }
      default:
        return [];
    }
  });
}

/** Returns the name by which a module exports one of its top-level names, or null. */
function exportedNameOf(id: TSESTree.Identifier, module: ParsedModule): string | null {
  if (isLocal(id, module)) return null;
  const isExportedAs = (name: string): boolean =>
    exportsOf(name, module).some((one) => 'node' in one && (declaredName(one.node) ?? '') === id.name);
  return [...KNOWN_NAMES, id.name].find(isExportedAs) ?? null;
}

const declaredName = (node: Node): string | null => {
  if (node.type === 'Identifier') return node.name;
  return isFunction(node) && node.id ? node.id.name : null;
};

/** Returns true if a name is declared within a function. */
function isLocal(id: TSESTree.Identifier, module: ParsedModule): boolean {
  const atTop = JSON.stringify(bindingsOf(id.name, module.program, module).map(rangeOf));
  return atTop !== JSON.stringify(bindingsOf(id.name, id, module).map(rangeOf));
}

const rangeOf = (binding: object): unknown => ('node' in binding ? (binding.node as Node).range : null);
