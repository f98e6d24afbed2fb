const modulesByFunction = new WeakMap<object, readonly string[]>();

/** Remembers the modules that a function comes from, by their absolute paths. */
export const rememberModulesOf = (fn: object, paths: readonly string[]): void =>
  void modulesByFunction.set(fn, paths);

/** Returns the modules that a function comes from; undefined if they are not known. */
export const modulesOf = (fn: object): readonly string[] | undefined => modulesByFunction.get(fn);
