import { applyEdits, findNodeAtLocation, modify, parseTree } from 'jsonc-parser';
import { type Json, isObject } from '../util/json-file';

export const SCRIPT_NAME = 'replay';
export const SCRIPT = 'replay run';

/** Result of adding the script to a package.json. `line` is the added line, for display. */
export type ScriptEdit =
  | { outcome: 'there' }
  /** Another script has the name. */
  | { outcome: 'taken'; command: string }
  | { outcome: 'added' | 'replaced'; text: string; line: string };

/**
 * Adds the script to the text of a package.json. Everything else of the text stays as it is: indentation, line ends and
 * the order of properties.
 * @throws SyntaxError if the text is no JSON object
 */
export function addScript(text: string, replace: boolean): ScriptEdit {
  const root = JSON.parse(text.replace(/^\uFEFF/, '')) as Json;
  if (!isObject(root)) throw new SyntaxError('not a JSON object');
  const scripts = root['scripts'];
  const command = isObject(scripts) ? scripts[SCRIPT_NAME] : undefined;
  if (command === SCRIPT) return { outcome: 'there' };
  if (command !== undefined && !replace)
    return { outcome: 'taken', command: typeof command === 'string' ? command : '' };
  return {
    outcome: command === undefined ? 'added' : 'replaced',
    text: withScript(text),
    line: `"${SCRIPT_NAME}": ${JSON.stringify(SCRIPT)}`,
  };
}

function withScript(text: string): string {
  const unit = /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
  const formattingOptions = {
    insertSpaces: !unit.startsWith('\t'),
    tabSize: unit.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
  const options = isOnOneLine(text, ['scripts']) ? {} : { formattingOptions };
  const edits = modify(text, ['scripts', SCRIPT_NAME], SCRIPT, options);
  // Without formatting, no space follows the comma before a new property.
  return applyEdits(
    text,
    edits.map((edit) => ({ ...edit, content: edit.content.replace(/^,(?=")/, ', ') })),
  );
}

/** Returns true if an object with properties stands on one line, which then stays one line. */
function isOnOneLine(text: string, path: string[]): boolean {
  const root = parseTree(text);
  const node = root && findNodeAtLocation(root, path);
  if (!node?.children?.length) return false;
  return !text.slice(node.offset, node.offset + node.length).includes('\n');
}
