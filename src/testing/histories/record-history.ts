import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { Workflow } from '@temporalio/common';
import { TemporalReplayError } from '../../errors';
import { encodeHistory } from '../../history/encode';
import { safeName } from '../../history/store';
import { testApi } from '../framework/test-api';
import { historyUpdateMode } from '../framework/history-update-mode';
import { notify } from '../framework/warn';
import { writeFileAtomic } from '../../util/atomic-file';
import { readSubject, type Subject } from '../matchers/subject';
import { makeDirectory } from '../../util/make-directory';

export interface RecordedHistory {
  /** Absolute path. */
  file: string;
  /** `kept`: the file existed and is unchanged. */
  outcome: 'new' | 'updated' | 'kept';
}

/** A workflow handle, of `env.start` or of a client. */
export interface RecordableHandle {
  workflowId: string;
  fetchHistory(): ReturnType<Handle['fetchHistory']>;
}
type Handle = import('@temporalio/client').WorkflowHandle<Workflow>;

/**
 * Stores the history of a run in `histories/<workflow type>/<name>.json`, to replay later versions of the code against it. An
 * existing file is kept, because it shows what older code did. With `replay test --updateHistories`, `jest -u` or `vitest -u`, a
 * history that the current code does not replay is recorded again. In CI (`CI` is set, or `jest --ci`) a missing file is an
 * error.
 *
 * @param name @default the name of the test
 * @param options.directory relative to the working directory @default 'histories'
 * @throws HISTORY_NOT_RECORDED, OUTPUT_FAILED
 */
export async function recordHistory(
  handle: RecordableHandle,
  name?: string,
  { directory = 'histories' }: { directory?: string } = {},
): Promise<RecordedHistory> {
  const subject = await readSubject(handle);
  const file = join(resolve(directory), safeName(subject.workflowType), `${fileName(name)}.json`);
  const mode = historyUpdateMode();
  const isThere = existsSync(file);
  if (!isThere && mode === 'none') throw notRecorded(file);
  if (isThere && (mode !== 'all' || (await replays(file, subject)))) return { file, outcome: 'kept' };
  makeDirectory(dirname(file));
  await writeFileAtomic(file, Buffer.from(encodeHistory(subject.history)));
  if (isThere) warnReplaced(file);
  return { file, outcome: isThere ? 'updated' : 'new' };
}

function fileName(name: string | undefined): string {
  const given = name ?? testApi().expect.getState().currentTestName;
  if (given === undefined || given === '')
    throw new TemporalReplayError('USAGE', 'recordHistory needs a name outside of a test.', {
      hint: "recordHistory(handle, 'order-completed')",
    });
  return safeName(given.trim().replace(/\s+/g, '-'));
}

/** Returns true if the environment's code replays the file; false if there is no environment. */
async function replays(file: string, { environment }: Subject): Promise<boolean> {
  if (environment === null) return false;
  const { results } = await environment.replayHistories([{ file, bytes: await readFile(file) }]);
  return results.every(({ verdict }) => verdict === 'compatible');
}

/** Prints a warning, because the replaced history may have been the only one that showed a missing patch. */
function warnReplaced(file: string): void {
  notify(
    `${relative(process.cwd(), file)} was recorded again, because the code did not replay it as compatible. ` +
      'Open runs that older code has started are not fixed by this: see `git diff`, and patched().',
  );
}

function notRecorded(file: string): TemporalReplayError {
  return new TemporalReplayError(
    'HISTORY_NOT_RECORDED',
    `${relative(process.cwd(), file)} does not exist, and histories are not recorded in CI.`,
  );
}
