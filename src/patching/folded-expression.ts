import type { Node } from '../source/parse';
import { ASSIGNMENT, CALL, UNARY, inParentheses } from './expression-text';
import { type Constant, constantName } from './placeholders';

/** An expression that is left after folding. */
export interface Residue {
  text: string;
  precedence: number;
  isPure: boolean;
  isBoolean: boolean;
  /** True for `a.b`: a call of it gives `a` as `this`. */
  isMember: boolean;
  tail?: Tail;
  /** The expression of which this one is the negation. */
  opposite?: Residue;
  /** The expression that was there before, with other parts. */
  origin?: Node;
  /** The kind of a literal whose items can stand in another one. */
  literal?: 'ObjectExpression' | 'ArrayExpression';
  /** The value that a spread takes apart. */
  spread?: [Constant] | Residue;
}

/** Effects that follow a condition if it is `on`. An expression with a tail is as true as the condition. */
export interface Tail {
  condition: Residue;
  on: boolean;
  effects: readonly Effect[];
}

/** An expression that runs before another one has its value. */
export type Effect = { expression: Residue; isMark: boolean } | Tail;

export interface Folded {
  /** The effects that come first. */
  before: readonly Effect[];
  /** The known value in a list, or the expression that is left. */
  value: [Constant] | Residue;
}

/** The use of a value: true where it counts which of the true or of the false values it is. */
export interface Use {
  ofTrue: boolean;
  ofFalse: boolean;
  isUnused?: boolean;
}

export const AS_VALUE: Use = { ofTrue: true, ofFalse: true };
export const AS_TEST: Use = { ofTrue: false, ofFalse: false };
export const UNUSED: Use = { ...AS_TEST, isUnused: true };

export const isKnown = (value: [Constant] | Residue): value is [Constant] => Array.isArray(value);

export const known = (value: Constant, before: readonly Effect[] = []): Folded => ({
  before,
  value: [value],
});

/** Returns a call of `deprecatePatch()` as an effect. */
export const markOf = (text: string): Effect => ({
  expression: { text, precedence: CALL, isPure: false, isBoolean: false, isMember: false },
  isMark: true,
});

/** Returns true for effects that neither read nor change what other code does. */
export const isOnlyMarks = (effect: Effect): boolean =>
  'isMark' in effect ? effect.isMark : effect.condition.isPure && effect.effects.every(isOnlyMarks);

/** Returns an expression whose value is not used as effects. */
export function effectsOf({ before, value }: Folded): Effect[] {
  return isKnown(value) || value.isPure ? [...before] : [...before, { expression: value, isMark: false }];
}

/** Returns an expression that is `!` of another one. */
export function negation(residue: Residue): Residue {
  const { text, precedence, isPure: pure, tail } = residue;
  return {
    text: `!${inParentheses(text, precedence, UNARY)}`,
    precedence: UNARY,
    isPure: pure,
    isBoolean: true,
    isMember: false,
    opposite: residue,
    ...(tail && { tail: { ...tail, condition: negated(tail.condition), on: !tail.on } }),
  };
}

/** Returns an expression that is true where a condition is false. */
export const negated = (residue: Residue): Residue => residue.opposite ?? negation(residue);

export const valueText = (value: [Constant] | Residue): string =>
  isKnown(value) ? constantName(value[0]) : value.text;

export const isPlainMark = (effect: Effect | undefined): boolean =>
  effect !== undefined && 'isMark' in effect && effect.isMark;

/** Returns effects without calls of `deprecatePatch()` that follow another one at once. */
const withoutRepeats = (effects: readonly Effect[]): Effect[] =>
  effects.filter((effect, n) => !(isPlainMark(effect) && isPlainMark(effects[n - 1])));

const effectText = (effect: Effect): string => {
  if ('isMark' in effect)
    return inParentheses(effect.expression.text, effect.expression.precedence, ASSIGNMENT);
  const { condition, on, effects } = effect;
  const texts = withoutRepeats(effects).map(effectText);
  const isPlain = texts.length === 1 && isPlainMark(effects[0]);
  const then = isPlain ? texts[0]! : `(${texts.join(', ')})`;
  return `${inParentheses(condition.text, condition.precedence, on ? 4 : 3)} ${on ? '&&' : '||'} ${then}`;
};

/** Returns the text of an expression with its effects, for surroundings that hold together so tightly. */
export function embedded({ before, value }: Folded, slot: number): string {
  if (before.length === 0)
    return isKnown(value) ? constantName(value[0]) : inParentheses(value.text, value.precedence, slot);
  const last = before.at(-1)!;
  const isItself = isKnown(value) && value[0] === undefined && isPlainMark(last);
  if (isItself && before.length === 1) return effectText(last);
  const item = isKnown(value)
    ? constantName(value[0])
    : inParentheses(value.text, value.precedence, ASSIGNMENT);
  return `(${[...withoutRepeats(before).map(effectText), ...(isItself ? [] : [item])].join(', ')})`;
}
