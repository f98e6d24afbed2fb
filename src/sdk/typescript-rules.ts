/**
 * Changes to the rules by which the SDK's bundler compiles TypeScript.
 *
 * Relies on the configuration that `webpackConfigHook` is given (`@temporalio/worker/lib/workflow/bundler.js`, checked on SDK
 * 1.9.3, 1.11.8, 1.17.0 and 1.24.0): one rule for `.ts` with `swc-loader` and its options, and `resolve.extensionAlias`. Another
 * configuration is left as it is. `test/sdk/typescript-rules.test.ts` fails when an upgrade changes it.
 */

interface WebpackConfig {
  module?: { rules?: readonly unknown[] };
  resolve?: { extensions?: string[]; extensionAlias?: Record<string, string | string[]> };
}

interface SwcOptions {
  jsc?: { parser?: object; transform?: object };
}
interface SwcRule {
  test: RegExp;
  use: { loader: string; options: SwcOptions };
}

/** Compiler options of a tsconfig file that change what code does. */
interface DecoratorOptions {
  emitDecoratorMetadata?: boolean | undefined;
}

/**
 * Returns the configuration with rules that compile the workflow code as its service does, from the same files: with `.mts`,
 * `.cts` and `.tsx` beside `.ts`, and with the metadata of decorators if the tsconfig file says so. A `.swcrc` does not count: it
 * is for the service's own build, and many of its options cannot be combined with those of the SDK.
 */
export function withTypeScriptRules<C extends WebpackConfig>(config: C, options: DecoratorOptions): C {
  const rules = config.module?.rules ?? [];
  const own = rules.find(isSwcRule);
  if (!own) return config;
  const { extensions = [], extensionAlias = {} } = config.resolve ?? {};
  return {
    ...config,
    resolve: {
      ...config.resolve,
      extensions: [...new Set([...extensions, '.tsx', '.mts', '.cts'])],
      extensionAlias: { '.mjs': ['.mts', '.mjs'], '.cjs': ['.cts', '.cjs'], ...extensionAlias },
    },
    module: {
      ...config.module,
      rules: rules.flatMap((rule) =>
        rule === own
          ? [
              { ...own, test: /\.[cm]?ts$/, use: swc(own, options) },
              { ...own, test: /\.tsx$/, use: swc(own, options, { tsx: true }) },
            ]
          : [rule],
      ),
    },
  };
}

function isSwcRule(rule: unknown): rule is SwcRule {
  const { test, use } = (rule ?? {}) as Partial<SwcRule>;
  const { loader, options } = (use ?? {}) as Partial<SwcRule['use']>;
  return (
    test instanceof RegExp &&
    test.test('.ts') &&
    /swc-loader/.test(loader ?? '') &&
    typeof options === 'object'
  );
}

function swc(
  { use: { loader, options } }: SwcRule,
  { emitDecoratorMetadata }: DecoratorOptions,
  parser: object = {},
): string {
  const jsc = {
    ...options.jsc,
    parser: { ...options.jsc?.parser, ...parser },
    ...(emitDecoratorMetadata && {
      transform: { ...options.jsc?.transform, legacyDecorator: true, decoratorMetadata: true },
    }),
  };
  // As a query, the options are part of the name by which compiled modules are remembered.
  return `${loader}?${JSON.stringify({ ...options, jsc, swcrc: false })}`;
}
