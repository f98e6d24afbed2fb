/**
 * Leaves out the source maps of packages. Relies on the rule with `source-map-loader` in the configuration that
 * `webpackConfigHook` is given (`@temporalio/worker/lib/workflow/bundler.js`, checked on SDK 1.23.0 and 1.24.0). Another configuration
 * is left as it is. `test/sdk/package-source-maps.test.ts` fails when an upgrade changes it.
 */
interface WebpackConfig {
  module?: { rules?: unknown[] };
}
type Loader = string | { loader?: string; options?: object };

const MAP_LOADER = /[\\/]source-map-loader[\\/]/;
/** A file of a package other than the SDK's, whose stacks are read by the names of the source files that it publishes. */
const OF_OTHER_PACKAGE = /[\\/]node_modules[\\/](?!@temporalio[\\/])(?!.*[\\/]node_modules[\\/])/;

/**
 * Returns the configuration without the source maps of packages. Many packages publish maps but not their sources. webpack
 * then takes the relative paths in these maps as relative to the current directory, where they look like the user's own files,
 * and a stack would lead to files that do not exist.
 */
export function withoutPackageSourceMaps<C extends WebpackConfig>(config: C): C {
  if (!config.module?.rules) return config;
  return { ...config, module: { ...config.module, rules: config.module.rules.map(withFilter) } };
}

function withFilter(rule: unknown): unknown {
  const { use } = (rule ?? {}) as { use?: unknown };
  if (!Array.isArray(use)) return rule;
  return { ...(rule as object), use: use.map((loader: Loader) => filtered(loader)) };
}

function filtered(loader: Loader): Loader {
  const { loader: path = '', options = {} } = typeof loader === 'string' ? { loader } : loader;
  if (!MAP_LOADER.test(path)) return loader;
  return { loader: path, options: { filterSourceMappingUrl, ...options } };
}

/** Returns what `source-map-loader` does with the comment that names a file's map. */
const filterSourceMappingUrl = (_url: string, file: string): 'consume' | 'remove' =>
  OF_OTHER_PACKAGE.test(file) ? 'remove' : 'consume';
