import { createJiti } from 'jiti';

/** Loads a module of the user's, TypeScript or JavaScript, ESM or CommonJS. */
export function loadModule(path: string): Promise<unknown> {
  return createJiti(__filename, { interopDefault: false }).import(path);
}
