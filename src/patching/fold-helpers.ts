import type { TSESTree } from '@typescript-eslint/types';
import { bindingsOf, NAMESPACE } from '../source/bindings';
import { type FunctionNode, isFunction } from '../source/functions';
import type { ParsedModule } from '../source/module-reader';
import type { Node } from '../source/parse';
import type { StaticExpressions } from '../source/static-expressions';
import { walkWithAncestors } from '../source/walk';
import { isPure } from './expression-text';
import type { ConstantFolder } from './fold-constant';
import { AS_VALUE, type Folded, isKnown, isPlainMark } from './folded-expression';
import { withoutDeclarator } from './fold-variables';
import { mentionsOf, variableDeclaredBy } from './mentions';
import { type Constant, constantOf, walkPlaceholders } from './placeholders';
import type { Splice } from './splices';
import { type Draft, commentsAbove, placeOf, removed } from './statement-text';

/** A function that does nothing but to return a value that is known, after calls of `deprecatePatch()`. */
export interface Helper {
  fn: FunctionNode;
  name: string;
  draft: Draft;
  /** The declaration of its name, and the nodes around it. */
  declaration: Node;
  ancestors: readonly Node[];
  marks: readonly string[];
  value: Constant;
}

/** Returns what a function does, if that is to return a known value; null for any other one. */
export function knownResult(fn: FunctionNode, folder: ConstantFolder): Folded | null {
  if (fn.async || fn.generator || !fn.params.every(({ type }) => type === 'Identifier')) return null;
  const { body } = fn;
  if (body.type !== 'BlockStatement') return onlyMarks(folder.fold(body, AS_VALUE));
  const statements = body.body.map((statement): Folded | null => {
    if (statement.type === 'ExpressionStatement') return folder.fold(statement.expression, AS_VALUE);
    return statement.type === 'ReturnStatement' && statement.argument && statement === body.body.at(-1)
      ? folder.fold(statement.argument, AS_VALUE)
      : null;
  });
  if (statements.length === 0 || statements.includes(null)) return null;
  const last = statements.at(-1)!;
  const returned = body.body.at(-1)!.type === 'ReturnStatement' ? last.value : ([undefined] as [undefined]);
  return onlyMarks({ before: statements.flatMap((one) => one!.before), value: returned });
}

const onlyMarks = (folded: Folded | null): Folded | null =>
  folded && isKnown(folded.value) && folded.before.every(isPlainMark) ? folded : null;

/** Returns the first helper of a module; null if there is none. */
export function helperIn(draft: Draft, folder: ConstantFolder): Helper | null {
  for (const { node: fn, ancestors } of walkPlaceholders(draft.module.program, draft.text)) {
    // Other functions may return a known value as well.
    if (!isFunction(fn) || constantsIn(fn, draft).length === 0) continue;
    const result = knownResult(fn, folder);
    if (!result) continue;
    const parent = ancestors.at(-1)!;
    const declaration = fn.type === 'FunctionDeclaration' ? fn : parent;
    const isNamed = declaration === fn || (parent.type === 'VariableDeclarator' && parent.init === fn);
    const id = isNamed
      ? (declaration as TSESTree.VariableDeclarator | TSESTree.FunctionDeclaration).id
      : null;
    if (id?.type !== 'Identifier') continue;
    return {
      fn,
      name: id.name,
      draft,
      declaration,
      ancestors: declaration === fn ? ancestors : ancestors.slice(0, -1),
      marks: result.before.flatMap((effect) => ('isMark' in effect ? [effect.expression.text] : [])),
      value: (result.value as [Constant])[0],
    };
  }
  return null;
}

const constantsIn = ({ body }: FunctionNode, { text }: Draft): Node[] =>
  [...walkPlaceholders(body, text)].flatMap(({ node }) => (constantOf(node) ? [node] : []));

/** Returns the calls of a helper in a module, as far as their arguments do nothing. */
export function callsOf(
  { fn }: Helper,
  module: ParsedModule,
  expressions: StaticExpressions,
): TSESTree.CallExpression[] {
  return [...walkWithAncestors(module.program)].flatMap(({ node, ancestors }) => {
    if (node.type !== 'CallExpression' || node.optional || ancestors.at(-1)?.type === 'AwaitExpression')
      return [];
    if (!isPlainName(node.callee, module) || !node.arguments.every(isPure)) return [];
    const [only, ...others] = expressions.expand({ node: node.callee, module });
    return only?.node === fn && others.length === 0 ? [node] : [];
  });
}

/** Returns true for the name of a function, alone or as a member of an imported module. */
function isPlainName(callee: Node, module: ParsedModule): boolean {
  if (callee.type === 'Identifier') return true;
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return false;
  const [binding] = bindingsOf(callee.object.name, callee.object, module);
  return binding?.kind === 'import' && binding.name === NAMESPACE;
}

/** Takes out a helper that nothing uses any more, or writes its result as it is if something does. */
export function settled(helper: Helper, calls: readonly TSESTree.CallExpression[]): Splice[] {
  const { fn, declaration, draft, name, ancestors } = helper;
  const variable = variableDeclaredBy(declaration, draft.module);
  const mentions = mentionsOf(new Set([name]), draft.module).filter(
    (mention) => mention.variable === variable || mention.variable === null,
  );
  const isUsed = mentions.some(
    ({ node }) =>
      node !== (declaration as TSESTree.VariableDeclarator).id &&
      !calls.some(({ callee }) => callee === node),
  );
  const isExported = ancestors.slice(-2).some(({ type }) => type.startsWith('Export'));
  if (isUsed || isExported || !variable) return literals(fn, draft);
  if (declaration.type === 'VariableDeclarator')
    return withoutDeclarator(draft, {
      declarator: declaration,
      declaration: ancestors.at(-1) as TSESTree.VariableDeclaration,
      ancestors: ancestors.slice(0, -1),
    });
  const top = commentsAbove(draft.text, declaration.range[0]);
  return removed(draft, placeOf(declaration, ancestors), { top });
}

function literals(fn: FunctionNode, draft: Draft): Splice[] {
  const constants = constantsIn(fn, draft).map((node) => ({ node, value: constantOf(node)![0] }));
  const [start, end] = fn.body.range;
  if (constants.every(({ value }) => value === undefined)) return [{ start, end, text: '{}' }];
  return constants.map(({ node: { range }, value }) => ({
    start: range[0],
    end: range[1],
    text: String(value),
  }));
}
