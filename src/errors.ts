/** Everything that stops the tool itself. What is wrong with one history is a result, not an error. */
const DEFINITIONS = {
  USAGE: { exitCode: 2, hint: 'See `replay --help`.' },
  CONFIG_NOT_FOUND: { exitCode: 2, hint: 'Give the path with --config, or create replay.config.ts.' },
  CONFIG_INVALID: { exitCode: 2, hint: 'See docs/configuration.md for the options there are.' },
  NO_HISTORIES: {
    exitCode: 2,
    hint: 'A check of nothing would always pass. Check the paths, or fetch histories with `replay fetch`.',
  },
  TOO_FEW_HISTORIES: { exitCode: 2, hint: 'Fetch more histories, or lower --min-histories.' },
  MISSING_TYPES: { exitCode: 2, hint: 'Fetch histories of these types, or drop them from --require-types.' },
  HISTORY_INVALID: {
    exitCode: 2,
    hint: 'Download the history again: `temporal workflow show --output json`.',
  },
  BUNDLE_FAILED: { exitCode: 2, hint: 'The workflow code must build before it can be replayed.' },
  DUPLICATE_PACKAGES: {
    exitCode: 2,
    hint: 'Run `npm dedupe`, or pin all @temporalio packages to one version.',
  },
  PACKAGE_MISSING: { exitCode: 2, hint: 'Install it beside your @temporalio/worker, in the same version.' },
  BASELINE_INVALID: { exitCode: 2, hint: 'Write it with `replay baseline update`.' },
  GIT_REPOSITORY: {
    exitCode: 2,
    hint: '--changed-since needs a clone: run it there, or leave it out.',
  },
  GIT_REF: { exitCode: 2, hint: 'Fetch it first, and name it as git knows it here, such as origin/main.' },
  GIT_HISTORY: { exitCode: 2, hint: 'Fetch the whole history: `git fetch --unshallow`.' },
  GIT_FAILED: { exitCode: 2, hint: 'Run the git command by hand to see what it says.' },
  OUTPUT_FAILED: { exitCode: 2, hint: 'Check that the directory exists and can be written to.' },
  SERVER_NOT_FOUND: { exitCode: 2, hint: 'Run `replay doctor` to see each place that was tried.' },
  SERVER_FAILED: { exitCode: 2, hint: 'Run the executable by hand to see what it says.' },
  ABORTED: { exitCode: 130, hint: '' },
  TEST_WORKER_FAILED: {
    exitCode: 2,
    hint: 'Run `replay doctor` to see what is installed, and in which versions.',
  },
  TEST_WORKER_GONE: { exitCode: 2, hint: 'Its last words are on standard error.' },
  WORKFLOW_TASK_FAILED: { exitCode: 1, hint: '' },
  WORKFLOW_STALLED: { exitCode: 1, hint: '' },
  NOT_DETERMINISTIC: { exitCode: 1, hint: '' },
  NOT_COMPATIBLE: { exitCode: 1, hint: '' },
  HISTORY_NOT_RECORDED: {
    exitCode: 2,
    hint: 'Run the test on your machine and commit the file that it writes.',
  },
  CLUSTER_UNREACHABLE: { exitCode: 3, hint: 'Check --address, and that the cluster is up.' },
  CLUSTER_TLS: { exitCode: 3, hint: 'Check --tls and the certificate options.' },
  CLUSTER_PERMISSION: {
    exitCode: 3,
    hint: 'Check --api-key or the client certificate, and what it may read.',
  },
  CLUSTER_NAMESPACE: { exitCode: 3, hint: 'Check --namespace.' },
  CLUSTER_QUERY: { exitCode: 3, hint: 'Check --query: https://docs.temporal.io/list-filter' },
  CLUSTER_FAILED: { exitCode: 3, hint: 'Try again; if it stays, see `replay doctor`.' },
} as const;

/** The stable codes of {@link TemporalReplayError}. */
export type ErrorCode = keyof typeof DEFINITIONS;

/**
 * The one error class of this package. Check `code`, not `instanceof`: jest gives each test file a realm of its own.
 */
export class TemporalReplayError extends Error {
  override readonly name = 'TemporalReplayError';
  readonly code: ErrorCode;
  /** What to do about it, in one line; empty where there is nothing. */
  readonly hint: string;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; hint?: string } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? DEFINITIONS[code].hint;
  }

  /** The CLI's exit code for this error: 2 usage, configuration or input; 3 the cluster. */
  get exitCode(): number {
    return DEFINITIONS[this.code].exitCode;
  }
}

/** True for a {@link TemporalReplayError} of whatever realm or copy. */
export function isTemporalReplayError(err: unknown): err is TemporalReplayError {
  return err instanceof Error && err.name === 'TemporalReplayError' && 'code' in err;
}

/** True for a code of the table; codes that come from another process are checked with it. */
export const isErrorCode = (code: unknown): code is ErrorCode =>
  typeof code === 'string' && Object.hasOwn(DEFINITIONS, code);

export const messageOf = (err: unknown): string => (err instanceof Error ? err.message : String(err));
