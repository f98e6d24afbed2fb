import type { TSESTree } from '@typescript-eslint/types';
import { isNullLiteral, nameOf } from '../source/expressions';
import { isFunction } from '../source/functions';
import type { Node } from '../source/parse';
import { childrenOf } from '../source/walk';
import {
  asserted,
  hasOptionalLink,
  inParentheses,
  isBoolean,
  isCalledIn,
  isInterrupted,
  isPure,
  isPureItself,
  isStatic,
  outerRange,
  precedenceOf,
  slotOf,
} from './expression-text';
import {
  AS_TEST,
  AS_VALUE,
  type Effect,
  type Folded,
  type Residue,
  UNUSED,
  type Use,
  effectsOf,
  embedded,
  isKnown,
  isOnlyMarks,
  isPlainMark,
  known,
  markOf,
  negated,
  negation,
} from './folded-expression';
import { constantOf, hasPlaceholder, isMark, markedCallOf } from './placeholders';
import { type Splice, applySplices } from './splices';

/** A part of an expression that is evaluated before another one. */
export interface Evaluated {
  node: Node;
  isPure: boolean;
  isStatic: boolean;
}

export function evaluated(node: Node, folded: Folded | null): Evaluated {
  if (!folded) return { node, isPure: isPure(node), isStatic: isStatic(node) };
  const { before, value } = folded;
  const isAlone = before.length === 0;
  return {
    node,
    isPure: isAlone && (isKnown(value) || value.isPure),
    isStatic: isAlone && isKnown(value),
  };
}

/** Evaluates the parts of expressions that are known, and takes out the effects that come first. */
export class ConstantFolder {
  /**
   * @param source the text of the module
   * @param overCalls true if a call of `deprecatePatch()` may be taken out over other calls
   * @param knownCall returns what a call is known to do, or null
   */
  constructor(
    private readonly source: string,
    private readonly overCalls: boolean,
    private readonly knownCall?: (node: TSESTree.CallExpression) => Folded | null,
  ) {}

  /** Returns null if there is nothing to fold. */
  fold(node: Node, use: Use): Folded | null {
    if (!this.knownCall && !hasPlaceholder(this.source.slice(...node.range))) return null;
    const constant = constantOf(node);
    if (constant) return known(constant[0]);
    if (isMark(node)) return known(undefined, [markOf(this.source.slice(...node.range))]);
    const marked = markedCallOf(node);
    if (marked) return known(marked.value, [markOf(marked.mark)]);
    switch (node.type) {
      case 'UnaryExpression':
        return this.unary(node, use);
      case 'LogicalExpression':
        return this.logical(node, use);
      case 'ConditionalExpression':
        return this.conditional(node, use);
      case 'SequenceExpression':
        return this.sequence(node, use);
      case 'BinaryExpression':
        return this.comparison(node) ?? this.other(node);
      case 'CallExpression':
        return this.knownCall?.(node) ?? this.other(node);
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
      case 'TSTypeAssertion': {
        const inner = this.fold(asserted(node)!, AS_VALUE);
        return inner && isKnown(inner.value) ? inner : this.other(node);
      }
      case 'SpreadElement':
        return this.spread(node);
      default:
        return this.other(node);
    }
  }

  /** Returns the folded expression, or the expression as it is. */
  folded(node: Node, use: Use): Folded {
    return this.fold(node, use) ?? { before: [], value: this.residueOf(node) };
  }

  residueOf(node: Node): Residue {
    const opposite = this.oppositeOf(node);
    return {
      text: this.source.slice(...node.range),
      precedence: precedenceOf(node),
      isPure: isPure(node),
      isBoolean: isBoolean(node),
      isMember: (asserted(node) ?? node).type === 'MemberExpression',
      ...(isOpenLiteral(node) && { literal: node.type }),
      ...(opposite && { opposite }),
    };
  }

  private oppositeOf(node: Node): Residue | null {
    if (node.type === 'UnaryExpression') return node.operator === '!' ? this.residueOf(node.argument) : null;
    if (node.type !== 'BinaryExpression' || !/^[!=]==?$/.test(node.operator)) return null;
    const [from, to] = [outerRange(node.left, this.source)[1], outerRange(node.right, this.source)[0]];
    const between = this.source.slice(from, to);
    if (/\/[/*]/.test(between)) return null;
    const operator = (node.operator.startsWith('=') ? '!' : '=') + node.operator.slice(1);
    const [start, end] = node.range;
    return {
      text: `${this.source.slice(start, from)}${between.replace(node.operator, operator)}${this.source.slice(to, end)}`,
      precedence: precedenceOf(node),
      isPure: isPure(node),
      isBoolean: true,
      isMember: false,
    };
  }

  private unary(node: TSESTree.UnaryExpression, use: Use): Folded | null {
    if (node.operator === 'void') {
      const inner = this.fold(node.argument, UNUSED);
      return inner && isKnown(inner.value) ? known(undefined, inner.before) : this.other(node);
    }
    const inner = node.operator === '!' ? this.fold(node.argument, AS_TEST) : null;
    if (!inner) return this.other(node);
    const { before, value } = inner;
    if (isKnown(value)) return known(!value[0], before);
    return { before, value: use.ofTrue || use.ofFalse ? negation(value) : negated(value) };
  }

  private sequence({ expressions }: TSESTree.SequenceExpression, use: Use): Folded | null {
    const items = expressions.map((item, n) => this.fold(item, n < expressions.length - 1 ? UNUSED : use));
    if (items.every((item) => item === null)) return null;
    const all = items.map((item, n) => item ?? this.folded(expressions[n]!, use));
    const { before, value } = all.pop()!;
    return { before: [...all.flatMap(effectsOf), ...before], value };
  }

  private conditional(node: TSESTree.ConditionalExpression, use: Use): Folded | null {
    const { test, consequent, alternate } = node;
    const folds = [this.fold(test, AS_TEST), this.fold(consequent, use), this.fold(alternate, use)];
    if (folds.every((one) => one === null)) return null;
    const condition = folds[0] ?? this.folded(test, AS_TEST);
    if (isKnown(condition.value)) {
      const chosen = this.folded(condition.value[0] ? consequent : alternate, use);
      return { before: [...condition.before, ...chosen.before], value: chosen.value };
    }
    const { tail } = condition.value;
    const branch = (at: Node, fold: Folded | null | undefined, on: boolean): Splice[] => {
      const effects = tail?.on === on ? tail.effects : [];
      if (!fold && effects.length === 0) return [];
      const { before, value } = fold ?? this.folded(at, use);
      return [this.put(node, at, { before: [...effects, ...before], value })];
    };
    const splices = [
      ...(folds[0] ? [this.put(node, test, { before: [], value: tail?.condition ?? condition.value })] : []),
      ...branch(consequent, folds[1], true),
      ...branch(alternate, folds[2], false),
    ];
    return { before: condition.before, value: this.spliced(node, splices) };
  }

  private logical(node: TSESTree.LogicalExpression, use: Use): Folded | null {
    const { left, right, operator } = node;
    const useOfLeft = {
      '&&': { ofTrue: false, ofFalse: use.ofFalse },
      '||': { ofTrue: use.ofTrue, ofFalse: false },
      '??': AS_VALUE,
    }[operator];
    const [l, r] = [this.fold(left, useOfLeft), this.fold(right, use)];
    if (!l && !r) return null;
    const { before, value } = l ?? this.folded(left, useOfLeft);
    const second = r ?? this.folded(right, use);
    if (isKnown(value)) {
      const goesOn = { '&&': value[0] === true, '||': !value[0], '??': value[0] === undefined }[operator];
      return goesOn ? { ...second, before: [...before, ...second.before] } : known(value[0], before);
    }
    const { tail } = value;
    const continues = tail && operator === (tail.on ? '&&' : '||');
    const joined = continues
      ? this.joined(node, tail.condition, { ...second, before: [...tail.effects, ...second.before] }, use)
      : this.joined(node, value, second, use);
    return { ...joined, before: [...before, ...joined.before] };
  }

  private joined(node: TSESTree.LogicalExpression, first: Residue, second: Folded, use: Use): Folded {
    const { operator } = node;
    const text = this.joinedText(node, first, second);
    if (operator === '??' || !isKnown(second.value)) return { before: [], value: text };
    const { before: effects } = second;
    const [value] = second.value;
    const on = operator === '&&';
    // The first operand decides, and the second one only adds its effects.
    const isDecided = Boolean(value) === on;
    const isSame =
      use.isUnused || !(value ? use.ofTrue : use.ofFalse) || (first.isBoolean && value !== undefined);
    if (!isSame) return { before: [], value: text };
    if (isDecided && !use.isUnused)
      return {
        before: [],
        value: effects.length === 0 ? first : { ...text, tail: { condition: first, on, effects } },
      };
    if (effects.length > 0) return known(Boolean(value), [{ condition: first, on, effects }]);
    return known(Boolean(value), first.isPure ? [] : [{ expression: first, isMark: false }]);
  }

  private joinedText(node: TSESTree.LogicalExpression, first: Residue, second: Folded): Residue {
    const { left, right } = node;
    const between = this.source.slice(outerRange(left, this.source)[1], outerRange(right, this.source)[0]);
    return {
      text: [
        inParentheses(first.text, first.precedence, slotOf(node, left)),
        between,
        embedded(second, slotOf(node, right)),
      ].join(''),
      precedence: precedenceOf(node),
      isPure: first.isPure && second.before.length === 0 && (isKnown(second.value) || second.value.isPure),
      isBoolean:
        first.isBoolean && (isKnown(second.value) ? second.value[0] !== undefined : second.value.isBoolean),
      isMember: false,
      origin: node,
    };
  }

  private comparison(node: TSESTree.BinaryExpression): Folded | null {
    if (!/^[!=]==?$/.test(node.operator)) return null;
    const folds = [node.left, node.right].map((side) => this.fold(side, AS_VALUE));
    if (folds.every((fold) => fold === null)) return null;
    const [left, right] = [node.left, node.right].map((side, n) => {
      const { value } = folds[n] ?? this.folded(side, AS_VALUE);
      return isKnown(value) ? value : literalValue(side);
    });
    if (!left || !right) return null;
    // Undefined equals null where types do not count.
    const isLoose = node.operator.length === 2;
    const isEqual = left[0] === right[0] || (isLoose && left[0] == null && right[0] == null);
    return known(
      isEqual === node.operator.startsWith('='),
      folds.flatMap((fold) => fold?.before ?? []),
    );
  }

  /** Folds the parts of an expression of any other kind. */
  private other(node: Node, lifts = true): Folded | null {
    if (isFunction(node) || OPAQUE.test(node.type)) return null;
    const before: Effect[] = [];
    const splices: Splice[] = [];
    const earlier: Evaluated[] = [];
    let isStill = lifts;
    let isMember = (asserted(node) ?? node).type === 'MemberExpression';
    for (const child of partsOf(node)) {
      const fold = this.fold(child, AS_VALUE);
      const isFree =
        fold !== null && isStill && !isSometimes(node, child) && this.mayPass(fold.before, earlier);
      const left = isFree
        ? { ...fold, before: [] }
        : fold && NO_EXPRESSIONS.test(child.type)
          ? this.other(child, false)
          : fold;
      if (isFree) before.push(...fold.before);
      else isStill &&= !fold || fold.before.length === 0;
      if (left) {
        splices.push(this.put(node, child, left));
        if (child === asserted(node)) isMember = !isKnown(left.value) && left.value.isMember;
      }
      if (!isAssignedName(node, child)) earlier.push(evaluated(child, left));
    }
    if (splices.length === 0) return null;
    const gone = splices.filter(({ text }) => text === '');
    const put = [...splices.filter(({ text }) => text !== ''), ...withoutItems(node, gone)];
    const pure = isPureItself(node) && earlier.every((one) => one.isPure);
    return { before, value: { ...this.spliced(node, put), isPure: pure, isMember } };
  }

  private spread(node: TSESTree.SpreadElement): Folded | null {
    const folded = this.other(node);
    if (!folded || isKnown(folded.value)) return folded;
    const { value } = this.folded(node.argument, AS_VALUE);
    return { before: folded.before, value: { ...folded.value, spread: value } };
  }

  /** Returns the items of a spread as they can stand in a literal; null where they do not fit. */
  private itemsOf(parent: Node, { before, value }: Folded): string | null {
    const spread = isKnown(value) || before.length > 0 ? undefined : value.spread;
    if (!spread) return null;
    if (isKnown(spread)) return parent.type === 'ObjectExpression' ? '' : null;
    const items = spread.literal === parent.type ? spread.text.slice(1, -1).trim().replace(/,$/, '') : null;
    return items === null || /\/[/*]/.test(items) ? null : items;
  }

  /** Returns true if effects may come before what is evaluated earlier. */
  mayPass(effects: readonly Effect[], earlier: readonly Evaluated[]): boolean {
    if (effects.length === 0 || earlier.every((one) => one.isStatic)) return true;
    if (effects.every(isOnlyMarks) && earlier.every((one) => one.isPure)) return true;
    return this.overCalls && effects.every(isPlainMark) && !earlier.some(({ node }) => isInterrupted(node));
  }

  private put(parent: Node, child: Node, folded: Folded): Splice {
    const { value } = folded;
    const items = this.itemsOf(parent, folded);
    if (items !== null) return { start: child.range[0], end: child.range[1], text: items };
    const isAsBefore = !isKnown(value) && value.origin === child && folded.before.length === 0;
    const [start, end] = isAsBefore ? child.range : outerRange(child, this.source);
    if (isAsBefore && outerRange(child, this.source)[0] < start) return { start, end, text: value.text };
    const wasMember = (asserted(child) ?? child).type === 'MemberExpression';
    const losesThis = !isKnown(value) && value.isMember && !wasMember && isCalledIn(parent, child);
    const text =
      losesThis && folded.before.length === 0
        ? `(0, ${value.text})`
        : embedded(folded, slotOf(parent, child));
    return { start, end, text };
  }

  private spliced(node: Node, splices: readonly Splice[]): Residue {
    const [from, to] = node.range;
    const shifted = splices.map(({ start, end, text }) => ({ start: start - from, end: end - from, text }));
    const { opposite: _opposite, ...residue } = this.residueOf(node);
    return {
      ...residue,
      text: applySplices(this.source.slice(from, to), shifted),
      origin: node,
    };
  }
}

/** Kinds of nodes whose expressions are folded by themselves, or are types. */
const OPAQUE = /^(?:TS(?!AsExpression|SatisfiesExpression|NonNullExpression|TypeAssertion)|Class|.*Pattern$)/;

/** Parts of expressions that are none themselves: effects stay within them. */
const NO_EXPRESSIONS = /^(?:SpreadElement|Property|JSX.*|Template(?:Element|Literal))$/;

/** Returns the parts of an expression in the order of their evaluation. */
function partsOf(node: Node): Node[] {
  const parts = childrenOf(node).filter((child) => !/^TSType(?!Assertion)/.test(child.type));
  return parts.sort((a, b) => a.range[0] - b.range[0] || a.range[1] - b.range[1]);
}

/** Returns splices that take items out of a literal with their commas. */
function withoutItems(node: Node, gone: readonly Splice[]): Splice[] {
  const items =
    node.type === 'ObjectExpression' ? node.properties : node.type === 'ArrayExpression' ? node.elements : [];
  const isGone = (item: Node | null | undefined): boolean =>
    gone.some(({ start }) => start === item?.range[0]);
  if (gone.length === 0) return [];
  const last = items.findLastIndex((item) => !isGone(item));
  if (last === -1) return [{ start: node.range[0] + 1, end: node.range[1] - 1, text: '' }];
  const between = items.slice(0, last).flatMap((item, n) => {
    const next = items[n + 1];
    return item && next && isGone(item) ? [{ start: item.range[0], end: next.range[0], text: '' }] : [];
  });
  const end = items.at(-1)?.range[1];
  const start = items[last]?.range[1];
  return start === undefined || end === undefined || start === end
    ? between
    : [...between, { start, end, text: '' }];
}

/** Returns true for a part that is evaluated under a condition. */
function isSometimes(node: Node, child: Node): boolean {
  switch (node.type) {
    case 'AssignmentExpression':
      return child === node.right && ['&&=', '||=', '??='].includes(node.operator);
    case 'CallExpression':
      return child !== node.callee && hasOptionalLink(node);
    case 'MemberExpression':
      return child !== node.object && hasOptionalLink(node);
    default:
      return false;
  }
}

/** Returns true for a name that is assigned to: it is not evaluated. */
const isAssignedName = (node: Node, child: Node): boolean =>
  node.type === 'AssignmentExpression' &&
  node.operator === '=' &&
  node.left === child &&
  child.type === 'Identifier';

/** Returns true for a literal whose items mean the same in another one. */
function isOpenLiteral(node: Node): node is TSESTree.ObjectExpression | TSESTree.ArrayExpression {
  if (node.type === 'ArrayExpression') return !node.elements.includes(null);
  if (node.type !== 'ObjectExpression') return false;
  return node.properties.every(
    (one) => one.type === 'SpreadElement' || (one.kind === 'init' && nameOf(one.key) !== '__proto__'),
  );
}

function literalValue(node: Node): [unknown] | null {
  if (isNullLiteral(node)) return [null];
  if (node.type === 'Literal' && typeof node.value === 'boolean') return [node.value];
  return node.type === 'Identifier' && node.name === 'undefined' ? [undefined] : null;
}
