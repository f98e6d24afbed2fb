/** The part of GitHub's expressions that action.yml uses. */

export interface ExpressionContext {
  inputs: Readonly<Record<string, string>>;
  steps: Readonly<Record<string, { outputs: Readonly<Record<string, string>> }>>;
  runner: Readonly<Record<string, string>>;
}

const EXPRESSION = /\$\{\{\s*(.*?)\s*\}\}/g;

/** Returns the expressions in a text. */
export const expressionsIn = (text: string): string[] =>
  [...text.matchAll(EXPRESSION)].map(([, expression]) => expression!);

/** Returns a text with its expressions replaced by their values. */
export const interpolate = (text: string, context: ExpressionContext): string =>
  text.replace(EXPRESSION, (_, expression: string) => lookUp(expression, context));

/** Evaluates a condition of comparisons joined by `&&`; `always()` is true. */
export function isTrue(condition: string, context: ExpressionContext): boolean {
  const expression = expressionsIn(condition)[0] ?? condition;
  return expression.split('&&').every((part) => {
    const term = part.trim();
    if (term === 'always()') return true;
    const comparison = /^(\S+) (==|!=) '([^']*)'$/.exec(term);
    if (!comparison) throw new Error(`This evaluator can't read the condition ${term}`);
    const [, path, operator, text] = comparison;
    return (lookUp(path!, context) === text) === (operator === '==');
  });
}

function lookUp(path: string, context: ExpressionContext): string {
  let value: unknown = context;
  for (const key of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[key];
  if (value !== undefined && typeof value !== 'string') throw new Error(`${path} is no text`);
  return value ?? '';
}
