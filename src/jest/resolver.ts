/** What we use of jest's resolver options. */
interface ResolverOptions {
  basedir: string;
  defaultResolver(request: string, options: ResolverOptions): string;
}

const RELATIVE_JAVASCRIPT = /^(\.{1,2}\/.*)\.([cm]?)js(x?)$/;

/** jest's own resolver, and TypeScript's rule that `./orders.js` in the source may stand for `orders.ts`. */
function resolve(request: string, options: ResolverOptions): string {
  const match = RELATIVE_JAVASCRIPT.exec(request);
  if (match === null) return options.defaultResolver(request, options);
  try {
    return options.defaultResolver(request, options);
  } catch (err) {
    const [, path, kind, x] = match;
    for (const extension of x ? ['tsx'] : [`${kind}ts`, ...(kind ? [] : ['tsx'])]) {
      try {
        return options.defaultResolver(`${path}.${extension}`, options);
      } catch {
        // The error for what was asked says more.
      }
    }
    throw err;
  }
}

export = resolve;
