import { types } from 'node:util';
import { type MessageParts, messageParts } from './message';

/** The page on which faults of this package are reported. */
export const ISSUES_URL = 'https://github.com/temporal-replay/temporal-replay/issues';

/** An error that this package itself has caused while it worked on one history. It says nothing about that history or the code. */
export class OwnFault extends Error {
  override readonly name = 'OwnFault';

  constructor(override readonly cause: unknown) {
    super('An error of temporal-replay itself', { cause });
  }
}

/** Calls a function of ours on one history. @throws OwnFault for any error of it */
export function guardOwn<T>(work: () => T): T {
  try {
    return work();
  } catch (err) {
    throw new OwnFault(err);
  }
}

/**
 * Returns the parts of the message about an error of ours: what broke off, and the error with the place in this package from
 * which it came. Whatever was thrown is taken, also what throws itself when it is looked at.
 */
export function ownFaultParts(own: string, err: unknown): MessageParts {
  const { name, message, stack } = facetsOf(err instanceof OwnFault ? err.cause : err);
  return messageParts({ own, errorType: name, foreign: message, frame: ownFrame(stack) });
}

function facetsOf(err: unknown): Record<'name' | 'message' | 'stack', string> {
  try {
    if (!types.isNativeError(err)) return { name: 'Error', message: String(err).slice(0, 300), stack: '' };
    const { name, message, stack } = err;
    return {
      name: String(name),
      message: String(message).split('\n')[0]!.slice(0, 300),
      stack: String(stack ?? ''),
    };
  } catch {
    return { name: 'Error', message: 'an error that cannot be read', stack: '' };
  }
}

/** Returns the first stack frame within this package, with a path that begins at the package. */
function ownFrame(stack: string): string | null {
  const root = __dirname.replace(/(lib|src)[\\/]model$/, '');
  const frame = stack.split('\n').find((line) => line.trim().startsWith('at ') && line.includes(root));
  return frame ? frame.trim().replace(root, 'temporal-replay/') : null;
}
