import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { Workflow } from '@temporalio/common';
import { TemporalReplayError } from '../../errors';
import { encodeHistory } from '../../history/encode';
import { safeName } from '../../history/store';
import { testApi } from '../framework/test-api';
import { historyUpdateMode } from '../framework/history-update-mode';
import { writeFileAtomic } from '../../util/atomic-file';
import { readSubject, type Subject } from '../matchers/subject';

export interface RecordedHistory {
  /** Absolute path. */
  file: string;
  /** `kept`: it was there; the run of this test went nowhere. */
  outcome: 'new' | 'updated' | 'kept';
}

/** What we need of a handle: one of `env.start` or of a client. */
export interface RecordableHandle {
  workflowId: string;
  fetchHistory(): ReturnType<Handle['fetchHistory']>;
}
type Handle = import('@temporalio/client').WorkflowHandle<Workflow>;

/**
 * Stores what a workflow did as a history that later code is replayed against: `histories/<workflow type>/<name>.json`. What is
 * there is kept, so that it stays what older code has done. With `replay test --updateHistories`, `jest -u` or `vitest -u` a history that the
 * current code no longer replays is recorded anew. In CI (`CI` is set, or `jest --ci`) a missing one is an error.
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
  await mkdir(dirname(file), { recursive: true });
  await writeFileAtomic(file, Buffer.from(encodeHistory(subject.history)));
  if (isThere) tellReplaced(file);
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

/** Whether the code of the test still does what the file says; false where that is not known. */
async function replays(file: string, { environment }: Subject): Promise<boolean> {
  if (environment === null) return false;
  const { results } = await environment.replayHistories([{ file, bytes: await readFile(file) }]);
  return results.every(({ verdict }) => verdict === 'compatible');
}

/** What was recorded by older code may be all that would have shown a missing version check. */
function tellReplaced(file: string): void {
  process.stderr.write(
    `temporal-replay: ${relative(process.cwd(), file)} is recorded anew, since the code did not replay it as compatible. ` +
      'Runs that older code has begun are not mended by that: see `git diff`, and patched().\n',
  );
}

function notRecorded(file: string): TemporalReplayError {
  return new TemporalReplayError(
    'HISTORY_NOT_RECORDED',
    `${relative(process.cwd(), file)} is not there, and CI records no histories.`,
  );
}
