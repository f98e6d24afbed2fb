import { join, sep } from 'node:path';
import { isOwnImportOfSdk, resolveSdk } from '../packages/sdk-resolution';

/** The part of jest's resolver options that we use. */
interface ResolverOptions {
  /** Directory of the module that imports. */
  basedir: string;
  rootDir: string;
  defaultResolver(request: string, options: ResolverOptions): string;
}

const RELATIVE_JAVASCRIPT = /^(\.{1,2}\/.*)\.([cm]?)js(x?)$/;

/** Resolves as jest does, and also `./orders.js` to `orders.ts`, as TypeScript does, and this package's imports of the SDK. */
function resolve(request: string, options: ResolverOptions): string {
  if (isOwnImportOfSdk(request, join(options.basedir, sep))) return resolveSdk(request);
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
        // Throws the error for the original request below.
      }
    }
    throw err;
  }
}

export = resolve;
