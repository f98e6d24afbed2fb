import type { TSESTree } from '@typescript-eslint/types';
import type { PatchFunction } from '../model/patches';
import { bindingsOf } from './bindings';
import { calledName, withoutWrappers } from './expressions';
import { type FunctionNode } from './functions';
import type { ParsedModule } from './module-reader';
import { type Node, parseSource } from './parse';
import type { Place } from './place';
import { type Located, type ModuleAccess, StaticExpressions } from './static-expressions';
import { StaticTexts } from './static-texts';
import { type Visited, walkWithAncestors } from './walk';

/** A call of `patched()` or `deprecatePatch()` in the source; the line and the column count from 1. */
export interface PatchCall extends Place {
  /** The id of the patch; null if only a run can tell it. */
  id: string | null;
  call: PatchFunction;
}

/** A call with the node that it stands at, and the nodes around it. */
export interface FoundPatchCall extends PatchCall, Visited {
  node: TSESTree.CallExpression;
  module: ParsedModule;
}

/** A function that hands one of its parameters to a patch function as the id. */
interface Wrapper {
  fn: FunctionNode;
  index: number;
  call: PatchFunction;
}

type CallSite = Visited & { node: TSESTree.CallExpression; module: ParsedModule };

/** Returns the calls of `patched()` in a text whose id is static there: a literal, or a constant of the same file. */
export function patchedCallsIn(text: string, file: string): (PatchCall & { id: string })[] {
  const syntax = parseSource(text, file);
  if (!syntax) return [];
  const alone: ModuleAccess = { read: () => null, resolve: () => null };
  return patchCallsIn([{ path: file, program: syntax.program }], alone).flatMap(
    ({ id, call, line, column }) =>
      id !== null && call === 'patched' ? [{ id, call, file, line, column }] : [],
  );
}

/**
 * Returns the calls of `patched()` and `deprecatePatch()` in modules, in the order of the source. An id may be a constant of another
 * module. A call within a function that gets the id as a parameter stands where that function is called. A call with one of several
 * ids is one entry for each.
 */
export function patchCallsIn(modules: readonly ParsedModule[], access: ModuleAccess): FoundPatchCall[] {
  const expressions = new StaticExpressions(access);
  const texts = new StaticTexts(expressions, () => '/');
  const sites = modules.flatMap(callSitesIn);
  const found: FoundPatchCall[] = [];
  const wrappers: Wrapper[] = [];
  const add = (one: FoundPatchCall): void => {
    // A wrapper with the name of the function that it wraps is found twice.
    if (!found.some(({ node, id }) => node === one.node && id === one.id)) found.push(one);
  };
  const take = (site: CallSite, call: PatchFunction, argument: Node | undefined): void => {
    const ids = argument ? texts.of({ node: argument, module: site.module }).texts : [];
    const wrapper = ids.length === 0 && argument ? wrapperOf(argument, site.module, call) : null;
    if (wrapper) wrappers.push(wrapper);
    else for (const id of ids.length > 0 ? ids.map(({ text }) => text) : [null]) add(callOf(site, call, id));
  };
  for (const site of sites) {
    const call = patchFunctionOf(site);
    if (call !== null) take(site, call, site.node.arguments[0]);
  }
  // Wrappers of wrappers are added while this goes on.
  for (const { fn, index, call } of wrappers)
    for (const site of sites) if (calls(site, fn, expressions)) take(site, call, site.node.arguments[index]);
  return inOrder(found);
}

const callSitesIn = (module: ParsedModule): CallSite[] =>
  [...walkWithAncestors(module.program)].flatMap(({ node, ancestors }) =>
    node.type === 'CallExpression' ? [{ node, ancestors, module }] : [],
  );

function callOf(
  { node, ancestors, module }: CallSite,
  call: PatchFunction,
  id: string | null,
): FoundPatchCall {
  const { line, column } = node.loc.start;
  return { id, call, file: module.path, line, column: column + 1, node, ancestors, module };
}

/** Returns the function that a callee names: `patched`, `workflow.patched`, or the name under which a module imports it. */
function patchFunctionOf({ node, module }: CallSite): PatchFunction | null {
  const { callee } = node;
  const name = calledName(node);
  if (name === null) return null;
  const binding = callee.type === 'Identifier' ? bindingsOf(name, callee, module)[0] : undefined;
  const original = binding?.kind === 'import' ? binding.name : name;
  return original === 'patched' || original === 'deprecatePatch' ? original : null;
}

function wrapperOf(argument: Node, module: ParsedModule, call: PatchFunction): Wrapper | null {
  const node = withoutWrappers(argument);
  const [binding] = node.type === 'Identifier' ? bindingsOf(node.name, node, module) : [];
  return binding?.kind === 'parameter' && binding.key === null
    ? { fn: binding.of, index: binding.index, call }
    : null;
}

function calls({ node, module }: CallSite, fn: FunctionNode, expressions: StaticExpressions): boolean {
  if (calledName(node) === null) return false;
  const callee: Located = { node: node.callee, module };
  return expressions.expand(callee).some((one) => one.node === fn);
}

const inOrder = (found: readonly FoundPatchCall[]): FoundPatchCall[] =>
  [...found].sort((a, b) =>
    a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column,
  );
