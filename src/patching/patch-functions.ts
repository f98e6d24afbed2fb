import type { TSESTree } from '@typescript-eslint/types';
import type { PatchFunction } from '../model/patches';
import { bindingsOf, isExportOf } from '../source/bindings';
import { exportsOf } from '../source/exports';
import { withoutWrappers } from '../source/expressions';
import { type FunctionNode, isFunction } from '../source/functions';
import type { ParsedModule } from '../source/module-reader';
import type { Node } from '../source/parse';
import { type ModuleAccess, MAX_DEPTH, StaticExpressions } from '../source/static-expressions';
import { ConstantFolder } from './fold-constant';
import { type Folded, known, markOf } from './folded-expression';
import { knownResult } from './fold-helpers';
import type { Draft } from './statement-text';
import { WORKFLOW_PACKAGE, workflowFunctionIn } from './workflow-call';

/** Tells what calls of `patched()` and `deprecatePatch()` return, and those of functions that hand them the id. */
export class PatchFunctions {
  private readonly expressions: StaticExpressions;

  constructor(
    private readonly drafts: ReadonlyMap<string, Draft>,
    private readonly access: ModuleAccess,
  ) {
    this.expressions = new StaticExpressions(access);
  }

  /** Returns what a call does, with a mark for each call of the patch function; null if that is not sure. */
  resultOf(
    node: TSESTree.CallExpression,
    call: PatchFunction,
    module: ParsedModule,
    depth = 0,
  ): Folded | null {
    const [only, ...others] = this.expressions.expand({ node: node.callee, module });
    if (only && others.length === 0 && isFunction(only.node))
      return depth > MAX_DEPTH ? null : this.resultOfWrapper(only.node, call, only.module, depth);
    if (!this.isOfPackage(node.callee, call, module)) return null;
    return known(call === 'patched' ? true : undefined, [markOf('')]);
  }

  private resultOfWrapper(
    fn: FunctionNode,
    call: PatchFunction,
    module: ParsedModule,
    depth: number,
  ): Folded | null {
    const draft = this.drafts.get(module.path);
    if (!draft) return null;
    const folder = new ConstantFolder(draft.text, false, (node) =>
      node.arguments.some((argument) => isParameterOf(fn, argument, module))
        ? this.resultOf(node, call, module, depth + 1)
        : null,
    );
    return knownResult(fn, folder);
  }

  private isOfPackage(callee: Node, call: PatchFunction, module: ParsedModule): boolean {
    const text = this.drafts.get(module.path)?.text ?? '';
    if (isExportOf(callee, WORKFLOW_PACKAGE, call, module)) return true;
    const imported = workflowFunctionIn(text.split('\n'), module.path, call);
    if (imported.edits.length === 0 && imported.callee === text.slice(...callee.range)) return true;
    if (callee.type !== 'Identifier') return false;
    const bindings = bindingsOf(callee.name, callee, module);
    if (bindings.length === 0) return callee.name === call;
    const [binding, ...others] = bindings;
    return (
      others.length === 0 &&
      binding!.kind === 'import' &&
      this.leadsToPackage(binding!.specifier, binding!.name, call, module.path)
    );
  }

  /** Returns true for a name that modules pass on from the workflow package. */
  private leadsToPackage(
    specifier: string,
    name: string,
    call: PatchFunction,
    from: string,
    depth = 0,
  ): boolean {
    if (specifier === WORKFLOW_PACKAGE) return name === call;
    const path = depth > MAX_DEPTH ? null : this.access.resolve(specifier, from);
    const module = path === null ? null : this.access.read(path);
    if (!module) return false;
    return exportsOf(name, module).some((one) => {
      if ('specifier' in one)
        return this.leadsToPackage(one.specifier, one.name, call, module.path, depth + 1);
      return isExportOf(one.node, WORKFLOW_PACKAGE, call, module);
    });
  }
}

function isParameterOf(fn: FunctionNode, argument: Node, module: ParsedModule): boolean {
  const node = withoutWrappers(argument);
  return (
    node.type === 'Identifier' &&
    bindingsOf(node.name, node, module).some((binding) => binding.kind === 'parameter' && binding.of === fn)
  );
}
