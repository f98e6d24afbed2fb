/** Loads a module of the user: TypeScript or JavaScript, ESM or CommonJS. */
export async function loadModule(path: string): Promise<unknown> {
  // Loaded only here: most runs have no such module, and each replay process would load jiti.
  const { createJiti } = require('jiti') as typeof import('jiti');
  return createJiti(__filename, { interopDefault: false }).import(path);
}
