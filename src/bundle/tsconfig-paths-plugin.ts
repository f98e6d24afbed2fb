import { isAbsolute } from 'node:path';
import { isBundleEntry, isInPackage } from '../source/own-source';
import type { TsConfigFiles } from '../util/tsconfig-of-file';

/** The parts of webpack's resolver (enhanced-resolve) that are used here. */
interface Resolver {
  getHook(name: string): { tapAsync(name: string, fn: Resolve): void };
  ensureHook(name: string): object;
  doResolve(hook: object, request: Request, message: string, context: Context, done: Done): void;
}
interface Request {
  request?: string;
  /** The file that imports it, under `issuer`. */
  context?: { issuer?: string };
}
/** Sets of paths that a build depends on. */
interface Context {
  fileDependencies?: { add(path: string): void };
  missingDependencies?: { add(path: string): void };
}
type Done = (err?: Error | null, result?: { path?: string | false }) => void;
type Resolve = (request: Request, context: Context, done: Done) => void;

/** The aliases of webpack: modules that are replaced or ignored, by their names. A name with `$` stands for that module only. */
export type Aliases = Readonly<Record<string, unknown>> | readonly { name: string }[];

const NAME = 'temporal-replay-tsconfig-paths';

/**
 * A plugin of webpack's resolver that finds the modules that `paths` and `baseUrl` of a tsconfig file name, as compilers of
 * services do: before packages, by the tsconfig file of the module that imports. The files that it follows from count as inputs
 * of the bundle.
 */
export class TsConfigPathsPlugin {
  /** @param aliases the configured aliases, which count first */
  constructor(
    private readonly configs: TsConfigFiles,
    private readonly aliases: Aliases,
  ) {}

  apply(resolver: Resolver): void {
    const target = resolver.ensureHook('resolve');
    resolver.getHook('described-resolve').tapAsync(NAME, (request, context, done) => {
      const candidates = this.candidatesFor(request, context);
      const tryNext = (): void => {
        const path = candidates.shift();
        if (path === undefined) return done();
        const message = `tsconfig paths: ${path}`;
        resolver.doResolve(target, { ...request, request: path }, message, context, (err, result) => {
          if (err) return done(err);
          // Declarations hold no code.
          if (!result || isDeclaration(result.path || '')) return tryNext();
          done(null, result);
        });
      };
      tryNext();
    });
  }

  private candidatesFor(
    { request = '', context: { issuer = '' } = {} }: Request,
    context: Context,
  ): string[] {
    if (!this.isName(request) || !isAbsolute(issuer) || isInPackage(issuer) || isBundleEntry(issuer))
      return [];
    const { config, files, absent } = this.configs.of(issuer);
    for (const path of files) context.fileDependencies?.add(path);
    for (const path of absent) context.missingDependencies?.add(path);
    return [...(config?.pathsOf(request) ?? [])].filter((path) => !isDeclaration(path));
  }

  /** Returns true for the name of a module that paths may lead to: neither the SDK's, nor one with an alias. */
  private isName(request: string): boolean {
    if (request === '' || request.startsWith('.') || isAbsolute(request)) return false;
    if (/^(?:@temporalio\/|__temporal_|node:)/.test(request)) return false;
    const names = Array.isArray(this.aliases)
      ? this.aliases.map(({ name }: { name: string }) => name)
      : Object.keys(this.aliases);
    return !names.some(
      (name) => name === request || name === `${request}$` || request.startsWith(`${name}/`),
    );
  }
}

const isDeclaration = (path: string): boolean => /\.d\.[cm]?ts$/.test(path);
