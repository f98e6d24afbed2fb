import { withoutCommands } from './ci-commands';
import { printable } from './printable';

/**
 * Returns text that neither controls a terminal nor holds a command to a CI runner. Its line breaks stay. It is for what others
 * print, such as Node and test runners; the text of this package goes through a screen, which also keeps foreign line breaks out.
 */
export const harmlessText = (text: string): string => withoutCommands(printable(text));
