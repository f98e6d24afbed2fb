import { INVISIBLE } from '../../util/printable';
import { withEscapedCommands } from '../../util/ci-commands';

/**
 * Returns JSON that is the same value for a parser, and harmless where it is printed: characters that control a terminal or turn
 * the reading direction are escaped, and no CI runner finds a command in it.
 */
export function jsonText(value: unknown, indent?: number): string {
  const visible = JSON.stringify(value, null, indent).replace(INVISIBLE, (character) =>
    character === '\n' ? character : escaped(character),
  );
  return withEscapedCommands(visible, { bracket: escaped('['), colon: escaped(':') });
}

const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('');
