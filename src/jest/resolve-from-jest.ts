import { createRequire } from 'node:module';
import { join } from 'node:path';

/** From whom jest's own packages can be reached: hoisted by npm, or only one through the other with pnpm. */
const CHAINS: readonly (readonly string[])[] = [
  ['jest', 'jest-cli', 'jest-config'],
  ['jest', '@jest/core', 'jest-config'],
  ['@jest/core', 'jest-config'],
  ['jest-cli', 'jest-config'],
  ['jest-config'],
  [],
];

/**
 * A package of the jest that runs, wherever a package manager has put it.
 *
 * @throws where no jest is found from the project's directory, nor from here
 */
export function requireFromJest(name: string, directory: string): unknown {
  for (const start of [join(directory, 'package.json'), __filename])
    for (const chain of CHAINS) {
      try {
        return follow(start, chain)(name) as unknown;
      } catch {
        // Not this way.
      }
    }
  throw new Error(`${name} is not found from ${directory}: is jest installed there?`);
}

function follow(start: string, chain: readonly string[]): NodeJS.Require {
  let from = createRequire(start);
  for (const name of chain) from = createRequire(from.resolve(`${name}/package.json`));
  return from;
}
