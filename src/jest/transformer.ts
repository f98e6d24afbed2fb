import '../packages/sdk-resolution';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import type { Options } from '@swc/core';

/** The part of jest's transform options that we use. */
interface TransformOptions {
  /** True if jest loads this file as an ES module. */
  supportsStaticESM: boolean;
  configString: string;
  instrument: boolean;
  config: { rootDir: string };
}

const VERSION = '1';

/** Compiles TypeScript and modern JavaScript with the swc that the SDK depends on for its bundles. */
const transformer = {
  getCacheKey(source: string, path: string, options: TransformOptions): string {
    const { supportsStaticESM, configString, instrument, config } = options;
    const parts = [source, path, supportsStaticESM, configString, instrument, config.rootDir];
    const settings = [decoratorsOf(config.rootDir), process.version, VERSION, swcVersion()];
    return createHash('sha256')
      .update(JSON.stringify([...parts, ...settings]))
      .digest('hex');
  },

  process(source: string, path: string, options: TransformOptions): { code: string } {
    const { code } = swc().transformSync(source, swcOptions(path, options));
    return { code };
  },
};

function swcOptions(path: string, { supportsStaticESM, config }: TransformOptions): Options {
  const extension = extname(path);
  const isTypeScript = /^\.[cm]?tsx?$/.test(extension);
  const { legacyDecorator, decoratorMetadata } = decoratorsOf(config.rootDir);
  const decorators = legacyDecorator
    ? { legacyDecorator, decoratorMetadata }
    : { decoratorVersion: '2022-03' };
  return {
    filename: path,
    // Inline, so that debuggers find it; jest extracts it for stack traces and coverage.
    sourceMaps: 'inline',
    inlineSourcesContent: true,
    swcrc: false,
    configFile: false,
    jsc: {
      target: 'es2022',
      keepClassNames: true,
      parser: isTypeScript
        ? { syntax: 'typescript', tsx: extension === '.tsx', decorators: true }
        : { syntax: 'ecmascript', jsx: true, decorators: true, explicitResourceManagement: true },
      transform: {
        ...decorators,
        react: { runtime: 'automatic' },
        // Moves calls of jest.mock above the imports.
        hidden: { jest: true },
      },
    },
    module: { type: supportsStaticESM ? 'es6' : 'commonjs' },
  } as object as Options; // The types lack `hidden`.
}

const known = new Map<string, { legacyDecorator: boolean; decoratorMetadata: boolean }>();

/** Reads from the project's tsconfig.json which of the two kinds of decorators it uses. */
function decoratorsOf(rootDir: string): { legacyDecorator: boolean; decoratorMetadata: boolean } {
  const cached = known.get(rootDir);
  if (cached) return cached;
  let text = '';
  try {
    text = readFileSync(join(rootDir, 'tsconfig.json'), 'utf8');
  } catch {
    // Without a tsconfig.json, decorators are those of the standard.
  }
  const has = (option: string): boolean => new RegExp(`"${option}"\\s*:\\s*true`).test(text);
  const found = {
    legacyDecorator: has('experimentalDecorators'),
    decoratorMetadata: has('emitDecoratorMetadata'),
  };
  known.set(rootDir, found);
  return found;
}

const fromWorker = (): NodeJS.Require => createRequire(require.resolve('@temporalio/worker/package.json'));

/** Loads swc; called for the first file that is not in jest's cache. */
const swc = (): typeof import('@swc/core') => fromWorker()('@swc/core') as typeof import('@swc/core');

let version: string | undefined;
const swcVersion = (): string =>
  (version ??= (fromWorker()('@swc/core/package.json') as { version: string }).version);

export = transformer;
