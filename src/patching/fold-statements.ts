import type { TSESTree } from '@typescript-eslint/types';
import { isFunction } from '../source/functions';
import type { Node } from '../source/parse';
import { namesIn } from '../source/patterns';
import { type Visited, walkWithAncestors } from '../source/walk';
import { ASSIGNMENT, atStart, outerRange, slotOf } from './expression-text';
import { type ConstantFolder, type Evaluated, evaluated } from './fold-constant';
import {
  AS_TEST,
  AS_VALUE,
  type Effect,
  type Residue,
  UNUSED,
  type Use,
  effectsOf,
  embedded,
  isKnown,
  isPlainMark,
  negated,
  valueText,
} from './folded-expression';
import { isWithin, mentionsOf } from './mentions';
import { hasPlaceholder, isMark, walkPlaceholders } from './placeholders';
import { type Splice, applySplices } from './splices';
import {
  type Draft,
  type StatementPlace,
  afterLineComment,
  blockOf,
  commentsAbove,
  commentsIn,
  exits,
  gapBefore,
  indentAt,
  innerPieces,
  placeOf,
  reindented,
  removed,
  replacedBy,
} from './statement-text';

/** Changes the statements of a module around what is known in them, one at a time. */
export class StatementFolder {
  /**
   * @param keepsBodies true if a function keeps the last statement that does nothing, by which its calls can be told
   * @param commentsOf returns where the comments begin that go with a statement; undefined if they stay
   */
  constructor(
    private readonly draft: Draft,
    private readonly folder: ConstantFolder,
    private readonly keepsBodies: boolean,
    private readonly commentsOf: (text: string, statement: Node) => number | undefined,
  ) {}

  /** Returns the next change, or null if there is none left. */
  next(): Splice[] | null {
    const { text, module } = this.draft;
    for (const visited of walkPlaceholders(module.program, text)) {
      const splices = this.change(visited);
      if (splices && applySplices(text, splices) !== text) return splices;
    }
    return null;
  }

  private change({ node, ancestors }: Visited): Splice[] | null {
    switch (node.type) {
      case 'IfStatement':
        return this.ifStatement(node, ancestors);
      case 'ExpressionStatement':
        return this.expressionStatement(node, ancestors);
      case 'ReturnStatement':
      case 'ThrowStatement':
        return node.argument ? this.lifted(node, node.argument, ancestors) : null;
      case 'SwitchStatement':
        return this.lifted(node, node.discriminant, ancestors);
      case 'ForInStatement':
      case 'ForOfStatement':
        return this.lifted(node, node.right, ancestors);
      case 'ForStatement':
        return this.forStatement(node, ancestors);
      case 'WhileStatement':
        return this.whileStatement(node, ancestors);
      case 'DoWhileStatement':
        return this.inPlace(node, node.test, AS_TEST);
      case 'VariableDeclaration':
        return this.declaration(node, ancestors);
      case 'ArrowFunctionExpression':
        return node.body.type === 'BlockStatement' ? null : this.arrowBody(node, node.body);
      default:
        return this.unattached(node);
    }
  }

  /** Folds an expression that no statement of its own can come before. */
  private unattached(node: Node): Splice[] | null {
    switch (node.type) {
      case 'AssignmentPattern':
        return this.inPlace(node, node.right);
      case 'PropertyDefinition':
      case 'AccessorProperty':
        return (
          (node.value && this.inPlace(node, node.value)) ||
          (node.computed ? this.inPlace(node, node.key) : null)
        );
      case 'MethodDefinition':
      case 'Property':
        return node.computed ? this.inPlace(node, node.key) : null;
      case 'ClassDeclaration':
      case 'ClassExpression':
        return node.superClass && this.inPlace(node, node.superClass);
      case 'SwitchCase':
        return node.test && this.inPlace(node, node.test);
      case 'Decorator':
        return this.inPlace(node, node.expression);
      case 'ExportDefaultDeclaration':
        return isFunction(node.declaration) || node.declaration.type === 'ClassDeclaration'
          ? null
          : this.inPlace(node, node.declaration);
      case 'TSEnumMember':
        return node.initializer ? this.inPlace(node, node.initializer) : null;
      case 'TSExportAssignment':
        return this.inPlace(node, node.expression);
      default:
        return null;
    }
  }

  private inPlace(parent: Node, node: Node, use: Use = AS_VALUE): Splice[] | null {
    const folded = this.folder.fold(node, use);
    return folded && [this.splice(node, embedded(folded, slotOf(parent, node)))];
  }

  private splice(node: Node, text: string): Splice {
    const [start, end] = outerRange(node, this.draft.text);
    return { start, end, text };
  }

  private arrowBody(parent: TSESTree.ArrowFunctionExpression, body: TSESTree.Expression): Splice[] | null {
    const folded = this.folder.fold(body, AS_VALUE);
    if (!folded) return null;
    const { before, value } = folded;
    const doesNothing = before.length === 0 && isKnown(value) && value[0] === undefined;
    if (doesNothing) return this.keepsBodies ? null : [this.splice(body, '{}')];
    return [this.splice(body, atStart(embedded(folded, slotOf(parent, body))))];
  }

  /** Folds an expression that a statement evaluates first. */
  private lifted(statement: Node, node: Node, ancestors: readonly Node[]): Splice[] | null {
    const folded = this.folder.fold(node, AS_VALUE);
    if (!folded) return null;
    const { before, value } = folded;
    const isNothing = statement.type === 'ReturnStatement' && isKnown(value) && value[0] === undefined;
    if (isNothing) {
      const [start] = statement.range;
      const [, end] = outerRange(node, this.draft.text);
      return this.after(before, statement, ancestors, [{ start, end, text: 'return' }]);
    }
    return (
      this.after(before, statement, ancestors, [this.splice(node, valueText(value))]) ??
      this.inPlace(statement, node)
    );
  }

  private expressionStatement(
    node: TSESTree.ExpressionStatement,
    ancestors: readonly Node[],
  ): Splice[] | null {
    const folded = this.folder.fold(node.expression, UNUSED);
    if (!folded) return null;
    const place = placeOf(node, ancestors);
    const previous = place.list?.[place.index - 1];
    const isRepeated = isMarkStatement(node) && previous !== undefined && isMarkStatement(previous);
    if (isRepeated) return removed(this.draft, place);
    const statements = this.statementsOf(effectsOf(folded), node);
    if (statements.length === 0) return this.emptied(place, ancestors);
    return this.replaced(place, statements);
  }

  private forStatement(node: TSESTree.ForStatement, ancestors: readonly Node[]): Splice[] | null {
    const { init, test, update } = node;
    if (init && hasPlaceholder(this.draft.text.slice(...init.range))) {
      const [first] = init.type === 'VariableDeclaration' ? init.declarations : [];
      const expression = init.type === 'VariableDeclaration' ? first!.init : init;
      const splices = expression && this.lifted(node, expression, ancestors);
      if (splices && applySplices(this.draft.text, splices) !== this.draft.text) return splices;
    }
    const others = init?.type === 'VariableDeclaration' ? init.declarations.slice(1) : [];
    const inPlace = [
      ...others.flatMap((one) => (one.init && this.inPlace(one, one.init)) ?? []),
      ...((test && this.inPlace(node, test, AS_TEST)) ?? []),
      ...((update && this.inPlace(node, update)) ?? []),
    ];
    return inPlace.length === 0 ? null : inPlace;
  }

  private whileStatement(node: TSESTree.WhileStatement, ancestors: readonly Node[]): Splice[] | null {
    const folded = this.folder.fold(node.test, AS_TEST);
    if (!folded) return null;
    const place = placeOf(node, ancestors);
    const isNever = isKnown(folded.value) && !folded.value[0] && place.parent.type !== 'LabeledStatement';
    if (!isNever) return this.inPlace(node, node.test, AS_TEST);
    const statements = this.statementsOf(folded.before, node);
    return statements.length === 0 ? this.emptied(place, ancestors) : this.replaced(place, statements);
  }

  private declaration(node: TSESTree.VariableDeclaration, ancestors: readonly Node[]): Splice[] | null {
    const parent = ancestors.at(-1)!;
    if (/^For/.test(parent.type)) return null;
    const before: Effect[] = [];
    const splices: Splice[] = [];
    const earlier: Evaluated[] = [];
    for (const [n, one] of node.declarations.entries()) {
      const folded = one.init && this.folder.fold(one.init, AS_VALUE);
      if (folded) {
        const areMarks = folded.before.every(isPlainMark);
        const isFree = n === 0 || (areMarks && this.folder.mayPass(folded.before, earlier));
        // A declaration of its own evaluates its value first.
        if (!isFree) return [this.split(node, n, parent)];
        before.push(...folded.before);
        splices.push(this.splice(one.init!, embedded({ ...folded, before: [] }, ASSIGNMENT)));
      }
      earlier.push(evaluated(one.id, null));
      if (one.init) earlier.push(evaluated(one.init, folded && { ...folded, before: [] }));
    }
    if (splices.length === 0) return null;
    const result = this.after(before, node, ancestors, splices);
    return result ?? node.declarations.flatMap((one) => (one.init && this.inPlace(one, one.init)) ?? []);
  }

  private split(node: TSESTree.VariableDeclaration, n: number, parent: Node): Splice {
    const { text } = this.draft;
    const [start, end] = [node.declarations[n - 1]!.range[1], node.declarations[n]!.range[0]];
    const outer = parent.type === 'ExportNamedDeclaration' ? parent : node;
    const head = text.slice(outer.range[0], node.declarations[0]!.range[0]);
    return { start, end, text: `;\n${indentAt(text, outer.range[0])}${head}` };
  }

  private ifStatement(node: TSESTree.IfStatement, ancestors: readonly Node[]): Splice[] | null {
    const folded = this.folder.fold(node.test, AS_TEST);
    if (!folded) return null;
    const { before, value } = folded;
    if (isKnown(value)) return this.decided(node, ancestors, before, value[0] === true);
    const changed = value.tail
      ? this.withTail(node, ancestors, before, value.tail)
      : this.after(before, node, ancestors, [this.splice(node.test, value.text)]);
    return changed ?? this.inPlace(node, node.test, AS_TEST);
  }

  /** Puts the branch that is always taken in the place of an `if`. */
  private decided(
    node: TSESTree.IfStatement,
    ancestors: readonly Node[],
    before: readonly Effect[],
    test: boolean,
  ): Splice[] | null {
    const { text } = this.draft;
    const place = placeOf(node, ancestors);
    const kept = test ? node.consequent : node.alternate;
    const statements = this.statementsOf(before, node);
    if (!place.list) return this.decidedBody(place, ancestors, kept, statements);
    const { rest, stays } = this.unreachable(node, place, kept);
    const isLast = rest.length > 0 || place.index === place.list.length - 1;
    const pieces = [...statements, ...this.inlined(node, place, kept, rest, isLast), ...stays];
    const dropped = test ? node.alternate : node.consequent;
    const [start] = node.range;
    let [, end] = node.range;
    if (rest.length > 0) end = this.endOfList(place);
    else if (dropped?.range[1] === end) end = afterLineComment(text, end);
    // Comments above speak of the branch that goes, if there is no other one.
    const top = kept ? undefined : commentsAbove(text, start);
    if (pieces.length === 0) return this.emptied(place, ancestors, top);
    const splice = replacedBy(this.draft, place, pieces, end);
    if (top === undefined) return [splice];
    return [{ ...splice, start: top, text: indentAt(text, start) + splice.text }];
  }

  /** Does the same for an `if` that is the body of another statement. */
  private decidedBody(
    place: StatementPlace,
    ancestors: readonly Node[],
    kept: Node | null,
    statements: readonly string[],
  ): Splice[] | null {
    const { text, unit } = this.draft;
    const { statement, parent } = place;
    const node = statement as TSESTree.IfStatement;
    const [start, end] = node.range;
    if (!kept && statements.length === 0) return this.emptied(place, ancestors);
    const isOpen = kept?.type !== 'BlockStatement' && isBeforeElse(node, parent);
    if (kept && statements.length === 0 && !isOpen) return [{ start, end, text: text.slice(...kept.range) }];
    const indent = indentAt(text, start);
    const inner = kept ? innerPieces(this.draft, kept, gapBefore(this.draft, node, kept), indent + unit) : [];
    return [{ start, end, text: blockOf([...statements, ...inner], indent, unit) }];
  }

  /** Returns the statements of a list that nothing leads to any more, and the text of the functions among them that stay. */
  private unreachable(
    node: TSESTree.IfStatement,
    { list, index, parent }: StatementPlace,
    kept: Node | null,
  ): { rest: readonly Node[]; stays: string[] } {
    const isLeft = kept !== null && parent.type !== 'Program' && exits(kept);
    const rest = isLeft ? list!.slice(index + 1) : [];
    const functions = rest.filter(({ type }) => HOISTED.has(type));
    const gone = [node.consequent, node.alternate, ...rest].filter((one) => one !== null && one !== kept);
    const staying = functions.filter((fn) => {
      const { id } = fn as TSESTree.FunctionDeclaration;
      if (!id) return false;
      return mentionsOf(new Set([id.name]), this.draft.module).some(({ node: mention }) =>
        gone.every((one) => (one !== fn && functions.includes(one!)) || !isWithin(mention, one!.range)),
      );
    });
    const { text } = this.draft;
    const stays = staying.map(({ range: [start, end] }) =>
      text.slice(commentsAbove(text, start) ?? start, end).trim(),
    );
    return { rest, stays };
  }

  private endOfList({ list, parent }: StatementPlace): number {
    const { text } = this.draft;
    const end = afterLineComment(text, list!.at(-1)!.range[1]);
    if (parent.type !== 'BlockStatement') return end;
    // Comments at the end of the block follow what goes.
    return text.slice(0, parent.range[1] - 1).trimEnd().length;
  }

  private inlined(
    node: TSESTree.IfStatement,
    place: StatementPlace,
    kept: Node | null,
    rest: readonly Node[],
    isLast: boolean,
  ): string[] {
    if (!kept) return [];
    const { text } = this.draft;
    const indent = indentAt(text, node.range[0]);
    if (this.clashes(node, kept, place, rest))
      return [...commentsIn(gapBefore(this.draft, node, kept)), text.slice(...kept.range)];
    const until = isLast ? redundantExit(kept, place.parent, this.ancestorOf(place.parent)) : undefined;
    return innerPieces(this.draft, kept, gapBefore(this.draft, node, kept), indent, until);
  }

  private ancestorOf(node: Node): Node | undefined {
    for (const { node: at, ancestors } of walkWithAncestors(this.draft.module.program))
      if (at === node) return ancestors.at(-1);
    return undefined;
  }

  /** Returns true if names that a block declares would be taken for others without its braces. */
  private clashes(node: Node, kept: Node, place: StatementPlace, rest: readonly Node[]): boolean {
    if (kept.type !== 'BlockStatement') return false;
    const { names, isUsing } = declaredIn(kept.body);
    const { parent } = place;
    if (isUsing || (names.size > 0 && parent.type === 'SwitchCase')) return true;
    if (names.size === 0) return false;
    const owner = this.ancestorOf(parent);
    const isScopeOfOwner = owner && (isFunction(owner) || owner.type === 'CatchClause');
    const container = isScopeOfOwner ? owner : parent;
    return mentionsOf(names, this.draft.module).some(({ node: mention, variable }) => {
      const isElsewhere =
        !isWithin(mention, container.range) ||
        isWithin(mention, node.range) ||
        rest.some(({ range, type }) => !HOISTED.has(type) && isWithin(mention, range));
      if (isElsewhere) return false;
      const block = variable?.scope.block as Node | undefined;
      const isInner = block && block !== parent && block !== container && isWithin(block, parent.range);
      return !isInner;
    });
  }

  /** Writes `if (condition) { effects; … }` for a condition that effects follow. */
  private withTail(
    node: TSESTree.IfStatement,
    ancestors: readonly Node[],
    before: readonly Effect[],
    tail: { condition: Residue; on: boolean; effects: readonly Effect[] },
  ): Splice[] | null {
    const { text, unit } = this.draft;
    const statements = this.statementsOf(tail.effects, node);
    const branch = tail.on ? node.consequent : node.alternate;
    const indent = indentAt(text, node.range[0]);
    const test = this.splice(node.test, tail.condition.text);
    if (!branch) {
      const { consequent } = node;
      const place = placeOf(node, ancestors);
      // The effects need no branch of their own where nothing else leads to them.
      if (place.list && before.length === 0 && exits(consequent)) {
        const changed = changedText(text, node, [test]);
        return [replacedBy(this.draft, place, [changed, ...statements])];
      }
      const [start, end] = consequent.range;
      const own = innerPieces(this.draft, consequent, '', indent + unit);
      const then = consequent.type === 'BlockStatement' ? text.slice(start, end) : blockOf(own, indent, unit);
      const both = { start, end, text: `${then} else ${blockOf(statements, indent, unit)}` };
      return this.after(before, node, ancestors, [test, both]);
    }
    return this.after(before, node, ancestors, [test, this.prepended(branch, statements, indent)]);
  }

  private prepended(branch: Node, statements: readonly string[], indent: string): Splice {
    const { text, unit } = this.draft;
    const [start, end] = branch.range;
    const first = branch.type === 'BlockStatement' ? branch.body[0] : undefined;
    if (branch.type === 'BlockStatement' && first && text.slice(start, first.range[0]).includes('\n')) {
      const lines = statements.map((one) => `\n${indentAt(text, first.range[0])}${one}`).join('');
      return { start: start + 1, end: start + 1, text: lines };
    }
    const inner =
      branch.type === 'IfStatement'
        ? [reindented(text.slice(start, end), indent, indent + unit)]
        : innerPieces(this.draft, branch, '', indent + unit);
    return { start, end, text: blockOf([...statements, ...inner], indent, unit) };
  }

  /** Returns a change of a statement with effects before it; null if there is no place for them. */
  private after(
    before: readonly Effect[],
    node: Node,
    ancestors: readonly Node[],
    splices: readonly Splice[],
  ): Splice[] | null {
    const { text, unit } = this.draft;
    if (before.length === 0) return [...splices];
    let [outer, depth] = [node, ancestors.length];
    while (/^(?:LabeledStatement|ExportNamedDeclaration)$/.test(ancestors[depth - 1]!.type))
      outer = ancestors[--depth]!;
    const place = placeOf(outer, ancestors.slice(0, depth));
    const statements = this.statementsOf(before, outer);
    const changed = changedText(text, outer, splices);
    if (place.list) return [replacedBy(this.draft, place, [...statements, changed])];
    if (outer !== node) return null;
    const [start, end] = node.range;
    const indent = indentAt(text, start);
    const block = blockOf([...statements, reindented(changed, indent, indent + unit)], indent, unit);
    return [{ start, end, text: block }];
  }

  private statementsOf(effects: readonly Effect[], at: Node): string[] {
    const indent = indentAt(this.draft.text, at.range[0]);
    return effects.map((effect) => statementOf(effect, indent, this.draft.unit));
  }

  private replaced(place: StatementPlace, statements: readonly string[]): Splice[] {
    const { text, unit } = this.draft;
    if (place.list) return [replacedBy(this.draft, place, statements)];
    const [start, end] = place.statement.range;
    const [only, ...more] = statements;
    return [
      { start, end, text: more.length === 0 ? only! : blockOf(statements, indentAt(text, start), unit) },
    ];
  }

  /** Takes out a statement that does nothing, and those around it that do nothing without it. */
  private emptied(place: StatementPlace, ancestors: readonly Node[], top?: number): Splice[] | null {
    const { text } = this.draft;
    const { statement, parent, list } = place;
    const [start, end] = statement.range;
    const first = top ?? this.commentsOf(text, statement);
    const outer = ancestors.slice(0, -1);
    if (!list) {
      if (parent.type === 'IfStatement') return this.withoutBranch(parent, statement, outer);
      return [{ start, end, text: '{}' }];
    }
    const around = outer.at(-1);
    const isAlone =
      parent.type === 'BlockStatement' &&
      list.length === 1 &&
      text.slice(parent.range[0] + 1, first ?? start).trim() === '' &&
      text.slice(afterLineComment(text, end), parent.range[1] - 1).trim() === '';
    if (isAlone && around?.type === 'IfStatement')
      return this.withoutBranch(around, parent, outer.slice(0, -1));
    if (isAlone && around && isFunction(around) && this.keepsBodies) return null;
    if (isAlone && around) {
      if (placeOf(parent, outer).list) return this.emptied(placeOf(parent, outer), outer);
      return [{ start: parent.range[0], end: parent.range[1], text: '{}' }];
    }
    return removed(this.draft, place, { top: first });
  }

  private withoutBranch(
    node: TSESTree.IfStatement,
    branch: Node,
    ancestors: readonly Node[],
  ): Splice[] | null {
    const { text } = this.draft;
    const place = placeOf(node, ancestors);
    const [start, end] = node.range;
    if (branch === node.alternate) {
      const { consequent } = node;
      const isEnded = consequent.type === 'BlockStatement' || text[consequent.range[1] - 1] === ';';
      // The `else` of a statement around would be taken for that of this one.
      if (isBeforeElse(node, place.parent)) return [{ start: branch.range[0], end, text: '{}' }];
      return [{ start: consequent.range[1], end, text: isEnded ? '' : ';' }];
    }
    const test = this.folder.residueOf(node.test);
    if (node.alternate) {
      const { alternate } = node;
      const other = text.slice(...alternate.range);
      const indent = indentAt(text, start);
      const body =
        alternate.type === 'IfStatement'
          ? blockOf([reindented(other, indent, indent + this.draft.unit)], indent, this.draft.unit)
          : other;
      return [{ start, end, text: `if (${negated(test).text}) ${body}` }];
    }
    if (test.isPure) return this.emptied(place, ancestors, commentsAbove(text, start));
    return this.replaced(place, [`${atStart(test.text)};`]);
  }
}

/** Returns true where an `else` would be taken for that of a statement which is open for one. */
const isBeforeElse = (node: Node, parent: Node): boolean =>
  parent.type === 'IfStatement' && parent.consequent === node && parent.alternate !== null;

const isMarkStatement = (node: Node): boolean =>
  node.type === 'ExpressionStatement' && isMark(node.expression);

const HOISTED = new Set<string>(['FunctionDeclaration', 'TSInterfaceDeclaration', 'TSTypeAliasDeclaration']);

function changedText(text: string, { range: [from, to] }: Node, splices: readonly Splice[]): string {
  const shifted = splices.map(({ start, end, text: own }) => ({
    start: start - from,
    end: end - from,
    text: own,
  }));
  return applySplices(text.slice(from, to), shifted);
}

function statementOf(effect: Effect, indent: string, unit: string): string {
  if ('isMark' in effect) return `${atStart(effect.expression.text)};`;
  const { condition, on, effects } = effect;
  const test = on ? condition : negated(condition);
  const [only, ...more] = effects.map((one) => statementOf(one, indent + unit, unit));
  return `if (${test.text}) ${more.length === 0 ? only! : blockOf([only!, ...more], indent, unit)}`;
}

/** Returns the names of a block's own scope. */
function declaredIn(statements: readonly Node[]): { names: Set<string>; isUsing: boolean } {
  const names = new Set<string>();
  let isUsing = false;
  for (const statement of statements) {
    if (statement.type === 'VariableDeclaration') {
      if (statement.kind === 'var') continue;
      isUsing ||= statement.kind.endsWith('using');
      for (const { id } of statement.declarations) for (const name of namesIn(id)) names.add(name);
    } else if ('id' in statement && statement.id?.type === 'Identifier') names.add(statement.id.name);
  }
  return { names, isUsing };
}

/** Returns the offset of a `return` or `continue` at the end of a branch that is at the end of its function or loop anyway. */
function redundantExit(kept: Node, block: Node, owner: Node | undefined): number | undefined {
  const last = kept.type === 'BlockStatement' && kept.body.length > 1 ? kept.body.at(-1) : undefined;
  if (!owner || block.type !== 'BlockStatement') return undefined;
  const isReturn = last?.type === 'ReturnStatement' && !last.argument && isFunction(owner);
  const isContinue =
    last?.type === 'ContinueStatement' && !last.label && /^(?:For|While|DoWhile)/.test(owner.type);
  return last && (isReturn || isContinue) ? last.range[0] : undefined;
}
