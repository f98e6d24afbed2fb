import { types } from 'node:util';
import { harmlessText } from './util/harmless-text';

/** Errors that stop the tool itself. A fault of one history is a result, not an error. */
const DEFINITIONS = {
  USAGE: { exitCode: 2, hint: 'See `replay --help`.' },
  CONFIG_NOT_FOUND: { exitCode: 2, hint: 'Give the path with --config, or create replay.config.ts.' },
  CONFIG_INVALID: { exitCode: 2, hint: 'See docs/configuration.md for all options.' },
  WORKER_OPTIONS: {
    exitCode: 2,
    hint: 'Export what the service hands to Worker.create from a module that starts nothing.',
  },
  NO_HISTORIES: {
    exitCode: 2,
    hint: 'Without histories, every check would pass. Check the paths, or fetch histories with `replay fetch`.',
  },
  TOO_FEW_HISTORIES: { exitCode: 2, hint: 'Fetch more histories, or lower --min-histories.' },
  MISSING_TYPES: { exitCode: 2, hint: 'Fetch histories of these types, or drop them from --require-types.' },
  HISTORY_INVALID: {
    exitCode: 2,
    hint: 'Download the history again: `temporal workflow show --output json`.',
  },
  REPORT_UNFINISHED: { exitCode: 2, hint: 'Run that part again, and merge the reports then.' },
  REPORT_INVALID: { exitCode: 2, hint: 'Write it again: `replay run --reporter json=<path>`.' },
  BUNDLE_FAILED: { exitCode: 2, hint: 'The workflow code must build before it can be replayed.' },
  CONVERTER_INVALID: {
    exitCode: 2,
    hint: 'The module is loaded in Node before anything is replayed: check that it finds its packages and its environment.',
  },
  DUPLICATE_PACKAGES: {
    exitCode: 2,
    hint: 'Pin all @temporalio packages to one version.',
  },
  SDK_TOO_OLD: { exitCode: 2, hint: 'Upgrade all @temporalio packages at once.' },
  PACKAGE_MISSING: { exitCode: 2, hint: 'Install it next to your @temporalio/worker, in the same version.' },
  BASELINE_INVALID: { exitCode: 2, hint: 'Write it with `replay baseline update`.' },
  GIT_REPOSITORY: {
    exitCode: 2,
    hint: '--changed-since needs a git clone: run the command in one, or omit the option.',
  },
  GIT_REF: { exitCode: 2, hint: 'Fetch the ref first, and use its name in this clone, such as origin/main.' },
  GIT_HISTORY: { exitCode: 2, hint: 'Fetch the whole git history: `git fetch --unshallow`.' },
  GIT_FAILED: { exitCode: 2, hint: 'Run the git command by hand to see its output.' },
  ENGINE_DISAGREES: {
    exitCode: 2,
    hint: 'Please report it with the history, and replay with --engine core until it is mended.',
  },
  INTERNAL_ERROR: {
    exitCode: 2,
    hint: 'Please report it: https://github.com/temporal-replay/temporal-replay/issues',
  },
  CACHE_DAMAGED: { exitCode: 2, hint: 'Run the command again: what the cache lacks is built again.' },
  GITHUB_FAILED: { exitCode: 2, hint: 'Try again. The report itself is not affected.' },
  OUTPUT_FAILED: { exitCode: 2, hint: 'Check that the directory exists and is writable.' },
  SERVER_NOT_FOUND: { exitCode: 2, hint: 'Run `replay doctor` to see each path that was tried.' },
  SERVER_FAILED: { exitCode: 2, hint: 'Run the executable by hand to see its output.' },
  ABORTED: { exitCode: 130, hint: '' },
  TEST_WORKER_FAILED: {
    exitCode: 2,
    hint: 'Run `replay doctor` to see the installed versions.',
  },
  TEST_WORKER_GONE: { exitCode: 2, hint: 'See standard error for its last output.' },
  WORKFLOW_TASK_FAILED: { exitCode: 1, hint: '' },
  WORKFLOW_STALLED: { exitCode: 1, hint: '' },
  NOT_DETERMINISTIC: { exitCode: 1, hint: '' },
  NOT_COMPATIBLE: { exitCode: 1, hint: '' },
  HISTORY_NOT_RECORDED: {
    exitCode: 2,
    hint: 'Run the test on your machine and commit the file that it writes.',
  },
  CLUSTER_UNREACHABLE: { exitCode: 3, hint: 'Check --address, and check that the cluster is up.' },
  CLUSTER_TLS: { exitCode: 3, hint: 'Check --tls and the certificate options.' },
  CLUSTER_PERMISSION: {
    exitCode: 3,
    hint: 'Check --api-key or the client certificate, and its permissions.',
  },
  CLUSTER_NAMESPACE: { exitCode: 3, hint: 'Check --namespace.' },
  CLUSTER_QUERY: { exitCode: 3, hint: 'Check --query: https://docs.temporal.io/list-filter' },
  CLUSTER_HISTORY: {
    exitCode: 3,
    hint: 'Fetch the run again, or compare with `temporal workflow show`. Nothing of it was stored.',
  },
  CLUSTER_FAILED: { exitCode: 3, hint: 'Try again. If the error persists, run `replay doctor`.' },
} as const;

/** The stable codes of {@link TemporalReplayError}. */
export type ErrorCode = keyof typeof DEFINITIONS;

/** All codes. `docs/configuration.md` has a row for each. */
export const ERROR_CODES = Object.keys(DEFINITIONS) as readonly ErrorCode[];

/**
 * The error class of this package. Check `code` rather than `instanceof`, since jest gives each test file its own realm.
 *
 * Its message may hold text of a history, a cluster or a module of the user, and Node and test runners print it as it is. So the
 * message holds no characters that control a terminal, and no command to a CI runner.
 */
export class TemporalReplayError extends Error {
  override readonly name = 'TemporalReplayError';
  readonly code: ErrorCode;
  /** Advice on how to resolve the error, in one line; empty if there is none. */
  readonly hint: string;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; hint?: string } = {}) {
    super(harmlessText(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = harmlessText(options.hint ?? DEFINITIONS[code].hint);
  }

  /** Exit code of the CLI: 1 for a failed test, 2 for usage, configuration or input, 3 for the cluster, 130 if aborted. */
  get exitCode(): number {
    return DEFINITIONS[this.code].exitCode;
  }
}

/** Returns true for a {@link TemporalReplayError} of any realm and of any copy of this package. */
export function isTemporalReplayError(err: unknown): err is TemporalReplayError {
  return err instanceof Error && err.name === 'TemporalReplayError' && 'code' in err;
}

/** Returns the general advice on an error, in one line; empty if there is none. */
export const hintOf = (code: ErrorCode): string => DEFINITIONS[code].hint;

/** Returns true for a known error code. Used for codes that come from another process. */
export const isErrorCode = (code: unknown): code is ErrorCode =>
  typeof code === 'string' && Object.hasOwn(DEFINITIONS, code);

/** Returns the message of an error of any realm, or any other thrown value as text. It takes whatever code of others throws. */
export function messageOf(err: unknown): string {
  try {
    return String(err instanceof Error || types.isNativeError(err) ? err.message : err);
  } catch {
    return 'an error that cannot be read';
  }
}
