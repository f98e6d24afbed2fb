/** A place in the repository's code. `file` is relative to the root, with slashes. */
export interface Place {
  file: string;
  line: number;
}

/** A value that could not be read from the code, and that the user has to fill in. */
export interface Todo {
  place: Place;
  /** The option of `replay.config` that is missing. */
  option: string;
  /** One or two sentences: the reason, and what to do. */
  what: string;
}

/** An export that is the data converter of a worker, or that makes it if it is called. */
export interface ConverterExport {
  /** Path of the module relative to the root, with slashes, or the name of a package. */
  module: string;
  /** True for a path. */
  isFile: boolean;
  name: string;
  isCalled: boolean;
}

/** Code that stands in the call of a worker, with what it needs, to be written into a module of its own. */
export interface CopiedCode {
  /** Path of the file that it is copied from, relative to the root, with slashes. */
  from: string;
  imports: readonly CopiedImport[];
  /** The declarations that it uses, in order. */
  statements: readonly string[];
  /** True if it names its directory as `__dirname`. */
  usesDirectory: boolean;
  expression: string;
}

/** The options of a worker that only a module of `worker` can give, and that can be copied into one. */
export type MovedOption = 'sinks' | 'patchActivationCallback' | 'webpackConfigHook';

export interface CopiedImport {
  local: string;
  /** The imported name, `default`, or `*` for the whole module. */
  name: string;
  /** Path of the module relative to the root, with slashes, or the name of a package. */
  module: string;
  /** True for a path. */
  isFile: boolean;
}

/**
 * The options of a worker that lead to its workflow code. Modules are paths relative to the root, with slashes, or names
 * of packages. An option that the code does not set is null or empty.
 */
export interface CodeOptions {
  /** The module with the worker's own options. The other options are then only those that it does not have. */
  worker: string | null;
  namespace: string | null;
  /** `<deployment name>.<build id>` or the build id alone, if the code writes it down. */
  deploymentVersion: string | null;
  workflowsPath: string | null;
  /** Path of a prebuilt bundle. */
  bundle: string | null;
  workflowInterceptors: readonly string[];
  payloadConverter: string | null;
  failureConverter: string | null;
  dataConverter: string | null;
  /** The export to load the data converter from, if no module exports it as `dataConverter`. */
  converterExport: ConverterExport | null;
  /** The code of the data converter, if the call of the worker makes it. */
  converterCode: CopiedCode | null;
  ignoreModules: readonly string[];
  preloadModules: readonly string[];
  /** The module that exports the worker's plugins. */
  plugins: string | null;
  /** The code of the plugins, if the call of the worker makes them. */
  pluginsCode: CopiedCode | null;
  /** The code of options that only a module of `worker` can give. */
  movedCode: Readonly<Partial<Record<MovedOption, CopiedCode>>>;
  reuseV8Context: boolean | null;
  /** Names of errors by workflow type. */
  workflowFailureErrorTypes: Readonly<Record<string, readonly string[]>> | null;
  todos: readonly Todo[];
}

/** The options of code that sets none. */
export const NO_OPTIONS: CodeOptions = {
  worker: null,
  namespace: null,
  deploymentVersion: null,
  workflowsPath: null,
  bundle: null,
  workflowInterceptors: [],
  payloadConverter: null,
  failureConverter: null,
  dataConverter: null,
  converterExport: null,
  converterCode: null,
  ignoreModules: [],
  preloadModules: [],
  plugins: null,
  pluginsCode: null,
  movedCode: {},
  reuseV8Context: null,
  workflowFailureErrorTypes: null,
  todos: [],
};

/** Returns true if there is something to replay. */
export const hasCode = ({ worker, workflowsPath, bundle }: CodeOptions): boolean =>
  worker !== null || workflowsPath !== null || bundle !== null;

/** The options that one call in the code sets. */
export interface FoundCode extends CodeOptions {
  /**
   * The called function: `worker` for `Worker.create`, `bundle` for `bundleWorkflowCode`, `options` for any other that is
   * given an object with `workflowsPath`.
   */
  call: 'worker' | 'bundle' | 'options';
  place: Place;
  /** Directory of the package that the call stands in, relative to the root. */
  packageDir: string;
  taskQueue: string | null;
  /** The workflow code, no matter whether an option here or the module of `worker` names it; null if it is not known. */
  codePath: string | null;
}

export interface FoundWorkers {
  code: readonly FoundCode[];
  /** Workers without workflows, for which there is nothing to replay. */
  activitiesOnly: readonly Place[];
}
