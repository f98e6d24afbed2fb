import { TemporalReplayError } from '../../errors';
import type { HistorySource } from '../../model/history';
import type { DiagnosedReport } from '../../model/report';
import type { ProjectOptions } from '../../options/types';
import type { Bundle, ReplayFilesRequest } from '../worker/protocol';
import { mockRequestHandlers } from '../environment/environment-mocks';
import type { RegisteredEnvironment } from '../environment/environment-registry';
import { acquireTestWorker, type TestWorker } from '../connection/test-worker';

export interface ReplayedSubject {
  bytes: Uint8Array;
  label: string;
  workflowType: string;
  environment: RegisteredEnvironment | null;
}

/**
 * Replays one history with the given code, or else with that of the test environment or of replay.config.
 *
 * @throws CONFIG_INVALID, BUNDLE_FAILED, TEST_WORKER_FAILED
 */
export async function replaySubject(
  subject: ReplayedSubject,
  code: ProjectOptions,
): Promise<DiagnosedReport> {
  const { bytes, label, environment } = subject;
  const histories: HistorySource[] = [{ file: label, bytes }];
  const isNamed = Object.keys(code).length > 0;
  if (!isNamed && environment) return environment.replayHistories(histories);
  return withTestWorker(async (testWorker) => {
    const bundle = isNamed
      ? await testWorker.bundle({ project: code, cwd: process.cwd(), coverage: false })
      : await configuredBundle(testWorker, subject);
    return testWorker.channel.request('replayHistories', { bundle, histories });
  });
}

/** Replays files in replay processes. @throws CONFIG_INVALID and the errors of `startReplay` */
export function replaySubjectFiles(request: ReplayFilesRequest): Promise<DiagnosedReport> {
  return withTestWorker((testWorker) => testWorker.channel.request('replayFiles', request));
}

async function configuredBundle(testWorker: TestWorker, { workflowType }: ReplayedSubject): Promise<Bundle> {
  const bundles = await testWorker.channel.request('configuredBundles', { cwd: process.cwd() });
  const [first] = bundles;
  if (first === undefined)
    throw new TemporalReplayError(
      'CONFIG_INVALID',
      'There is no workflow code to replay with: no test environment is open, no workflowsPath is given, and there is no replay.config.',
      { hint: 'Give { workflowsPath }, or write a replay.config (see docs/configuration.md).' },
    );
  return bundles.find(({ workflowTypes }) => workflowTypes.includes(workflowType)) ?? first;
}

function callsNoMocks(): never {
  throw new Error('A replay calls no mocks.');
}

/** Acquires a test worker for one job that needs no Temporal server. */
async function withTestWorker<T>(work: (testWorker: TestWorker) => Promise<T>): Promise<T> {
  const testWorker = await acquireTestWorker({
    requests: {
      runActivity: () => Promise.reject(new Error('A replay runs no activities.')),
      ...mockRequestHandlers(callsNoMocks),
    },
    notifications: {
      cancelActivity: () => undefined,
      activated: () => undefined,
      scheduled: () => undefined,
      unfinishedWork: () => undefined,
      taskFailed: () => undefined,
      log: () => undefined,
    },
    closed: () => undefined,
  });
  try {
    return await work(testWorker);
  } finally {
    await testWorker.release(true);
  }
}
