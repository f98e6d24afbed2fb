import type * as t from '@babel/types';
import { parseJson } from './json-file';

export const SCRIPT_NAME = 'replay';
export const SCRIPT = 'replay run';

/** What becomes of a package.json. `line` is what is added, for showing. */
export type ScriptEdit =
  | { outcome: 'there' }
  /** Another script has the name. */
  | { outcome: 'taken'; command: string }
  | { outcome: 'added' | 'replaced'; text: string; line: string };

/**
 * Adds the script to the text of a package.json and changes nothing else of it: indentation, line ends and order stay.
 * @throws SyntaxError where it is no JSON object
 */
export function addScript(text: string, replace: boolean): ScriptEdit {
  const root = parseJson(text);
  if (root.type !== 'ObjectExpression') throw new SyntaxError('not a JSON object');
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const unit = /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
  const entry = `"${SCRIPT_NAME}": ${JSON.stringify(SCRIPT)}`;
  const scripts = propertyOf(root, 'scripts')?.value;
  if (scripts?.type !== 'ObjectExpression') {
    const block = ['"scripts": {', `${unit}${unit}${entry}`, `${unit}}`].join(eol);
    return { outcome: 'added', text: append(text, root, block, unit, '', eol), line: entry };
  }
  const existing = propertyOf(scripts, SCRIPT_NAME)?.value;
  if (existing === undefined)
    return { outcome: 'added', text: append(text, scripts, entry, unit + unit, unit, eol), line: entry };
  const command = existing.type === 'StringLiteral' ? existing.value : '';
  if (command === SCRIPT) return { outcome: 'there' };
  if (!replace) return { outcome: 'taken', command };
  const replaced = text.slice(0, existing.start!) + JSON.stringify(SCRIPT) + text.slice(existing.end!);
  return { outcome: 'replaced', text: replaced, line: entry };
}

function propertyOf(object: t.ObjectExpression, name: string): t.ObjectProperty | undefined {
  return object.properties.find(
    (property): property is t.ObjectProperty =>
      property.type === 'ObjectProperty' &&
      property.key.type === 'StringLiteral' &&
      property.key.value === name,
  );
}

/** Puts one more property behind the last one of an object. */
function append(
  text: string,
  object: t.ObjectExpression,
  property: string,
  indent: string,
  outerIndent: string,
  eol: string,
): string {
  const last = object.properties.at(-1);
  if (last) {
    const isOneLine = !text.slice(object.start!, last.start!).includes('\n');
    return `${text.slice(0, last.end!)},${isOneLine ? ' ' : eol + indent}${property}${text.slice(last.end!)}`;
  }
  const inside = `${eol}${indent}${property}${eol}${outerIndent}`;
  return `${text.slice(0, object.start! + 1)}${inside}${text.slice(object.end! - 1)}`;
}
