import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Chains of packages through which jest's own packages resolve: npm hoists them, pnpm links each only into its dependents. */
const CHAINS: readonly (readonly string[])[] = [
  ['jest', 'jest-cli', 'jest-config'],
  ['jest', '@jest/core', 'jest-config'],
  ['@jest/core', 'jest-config'],
  ['jest-cli', 'jest-config'],
  ['jest-config'],
  [],
];

/**
 * Loads a package of the running jest, for all layouts of package managers.
 *
 * @throws Error if no jest is found from the project's directory or from this file
 */
export function requireFromJest(name: string, directory: string): unknown {
  for (const start of [join(directory, 'package.json'), __filename])
    for (const chain of CHAINS) {
      try {
        return follow(start, chain)(name) as unknown;
      } catch {
        // Tries the next chain.
      }
    }
  throw new Error(`${name} is not found from ${directory}: is jest installed there?`);
}

function follow(start: string, chain: readonly string[]): NodeJS.Require {
  let from = createRequire(start);
  for (const name of chain) from = createRequire(from.resolve(`${name}/package.json`));
  return from;
}
