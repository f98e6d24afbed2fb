import { basename } from 'node:path';
import type { TSESTree } from '@typescript-eslint/types';
import { bindingsOf } from '../source/bindings';
import { type FunctionNode, isFunction } from '../source/functions';
import type { ModuleReader, ParsedModule } from '../source/module-reader';
import type { Node } from '../source/parse';
import type { Called, StaticExpressions } from '../source/static-expressions';
import { walkWithAncestors } from '../source/walk';
import { readTextFile } from '../util/read-text-file';
import { type Repository, packageOf, shortName } from './repository';

/** A call, the module that it stands in, and the nodes around it, outermost first. */
export interface CallSite {
  node: TSESTree.CallExpression;
  module: ParsedModule;
  ancestors: readonly Node[];
}

/** Functions that call each other more often than this hardly create a worker. */
const MAX_CALLS = 4;

/** Finds the calls that lead to the creation of a worker, in all modules of a repository. */
export class WorkerCallers {
  private readonly known = new Map<FunctionNode, CallSite[]>();

  constructor(
    private readonly repository: Repository,
    private readonly read: ModuleReader,
    private readonly expressions: StaticExpressions,
  ) {}

  /**
   * Returns the chains of calls that lead to a call, each of which creates a worker of its own: calls of the function around it
   * if that has parameters, and calls from other packages, whose processes start in other directories. If there are none, the
   * result is one empty chain.
   */
  of(site: CallSite, depth = 0): (Called | undefined)[] {
    if (depth > MAX_CALLS) return [undefined];
    for (const fn of site.ancestors.filter(isFunction).reverse()) {
      const callers = this.callsOf(fn, site).filter(
        (caller) => fn.params.length > 0 || this.packageOf(caller.module) !== this.packageOf(site.module),
      );
      if (callers.length === 0) continue;
      return callers.flatMap((caller) =>
        this.of(caller, depth + 1).map((outer) => {
          const by = { node: caller.node, module: caller.module, called: outer };
          return { fn, by, outer };
        }),
      );
    }
    return [undefined];
  }

  private packageOf({ path }: ParsedModule): string {
    return packageOf(path, this.repository)?.dir ?? this.repository.root;
  }

  private callsOf(fn: FunctionNode, { module, ancestors }: CallSite): CallSite[] {
    const known = this.known.get(fn);
    if (known) return known;
    const words = [functionName(fn, ancestors), ...this.namesOf(module)].filter((word) => word !== null);
    const calls = this.repository.sources.flatMap((path) => {
      const text = readTextFile(path) ?? '';
      const mayCall = path === module.path || words.some((word) => text.includes(word));
      const other = mayCall ? this.read(path) : null;
      return other === null ? [] : this.callsIn(other, fn);
    });
    this.known.set(fn, calls);
    return calls;
  }

  /** Returns the words that an import of a module has. */
  private namesOf(module: ParsedModule): (string | null)[] {
    const own = packageOf(module.path, this.repository);
    const file = basename(module.path).replace(/\..*$/, '');
    return [file === 'index' ? null : file, own?.name ?? (own && shortName(own))];
  }

  private callsIn(module: ParsedModule, fn: FunctionNode): CallSite[] {
    return [...walkWithAncestors(module.program)].flatMap(({ node, ancestors }) =>
      node.type === 'CallExpression' && !ancestors.includes(fn) && this.calls(node, fn, module)
        ? [{ node, module, ancestors }]
        : [],
    );
  }

  private calls({ callee }: TSESTree.CallExpression, fn: FunctionNode, module: ParsedModule): boolean {
    const name = callee.type === 'MemberExpression' ? callee.object : callee;
    if (name.type !== 'Identifier' || bindingsOf(name.name, name, module).length === 0) return false;
    return this.expressions.expand({ node: callee, module }).some(({ node }) => node === fn);
  }
}

function functionName(fn: FunctionNode, ancestors: readonly Node[]): string | null {
  if (fn.type === 'FunctionDeclaration') return fn.id?.name ?? null;
  const declarator = ancestors[ancestors.indexOf(fn) - 1];
  return declarator?.type === 'VariableDeclarator' && declarator.id.type === 'Identifier'
    ? declarator.id.name
    : null;
}
