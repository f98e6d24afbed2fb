/** Entry point of a replay process, started by `replay-process.ts`: replays the histories of each job one by one, and sends each result. */
import '../../packages/sdk-resolution';
import { resolve } from 'node:path';
import { isTemporalReplayError, messageOf } from '../../errors';
import { endWithParent } from '../../util/end-with-parent';
import { readRegularFileNow } from '../../util/read-regular-file';
import { loadModulesLate } from '../../sdk/late-modules';
import { preloadSandbox } from '../../sdk/replay-sandbox';
import { sharedCounters } from '../../sdk/coverage-counters';
import type { RuntimeOptions } from '@temporalio/worker';
import { modulesOfWorker } from '../../worker-options/worker-source';
import { loadProject } from '../engine/loaded-project';
import { HistoryReplayer, NeedsNewProcess, type UnreadableFile } from '../history-replayer';
import type { Setup } from '../setup';
import { connectToParent } from './child-channel';
import type { Job, ToChild } from './protocol';
import { type DecodedHistory, decodeHistories } from '../../history/decode';

endWithParent(Number(process.argv[2] ?? process.ppid));

const send = connectToParent({
  message: receive,
  // The parent has exited or has closed the channel, so results have no receiver.
  closed: () => process.exit(0),
});
keepSignalsHere();

/** Installs the SDK's runtime, which takes long to load. Neither the SDK nor core logs anything: results carry the errors. */
function installRuntime(): void {
  const { DefaultLogger, Runtime } = require('@temporalio/worker') as typeof import('@temporalio/worker');
  const options: RuntimeOptions = {
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'off', forward: {} } },
  };
  try {
    Runtime.install(options);
  } catch {
    // It is installed: it is shut down only with its last worker.
  }
}

loadModulesLate();
// Loads the SDK while the bundles are built.
if (process.argv[3] === 'auto') preloadSandbox();
else installRuntime();

let replayer: Promise<HistoryReplayer> | null = null;
/** Replayers of earlier runs, which still have to be closed. */
const previousReplayers: Promise<HistoryReplayer>[] = [];
let cwd = process.cwd();
let jobs: Promise<void> = Promise.resolve();
/** The history that is being replayed; null between histories. */
let current: { jobId: number; index: number } | null = null;

function receive(message: ToChild): void {
  if (message.type === 'setup') {
    cwd = message.setup.cwd;
    if (replayer !== null) previousReplayers.push(replayer);
    replayer = setUp(message.setup);
    return;
  }
  jobs = jobs.then(() => runJob(message.job)).catch(exitWithError);
}
// Ctrl-C reaches the whole process group, but the parent decides when this process ends.
process.on('SIGINT', () => undefined);

/**
 * Ends the process over an error that nothing has handled. One of modules of the service, such as of a codec's client, is no fault of
 * the workflow code; one of workflow code is, and ends the process as Node does it.
 */
process.on('uncaughtException', (err: unknown) => {
  if (isOfWorkflowCode(err)) throw err;
  exitWithError(err);
});

/** Returns true for what may come from workflow code: values of the sandbox's realm, values that are no errors, and its stacks. */
function isOfWorkflowCode(err: unknown): boolean {
  try {
    if (!(err instanceof Error)) return true;
    const { cause } = err;
    const isSandboxed = cause !== undefined && cause !== null && !(cause instanceof Error);
    return isSandboxed || /workflow-bundle|webpack/.test(err.stack ?? '');
  } catch {
    return true;
  }
}

/** Sends the error to the parent and exits. */
function exitWithError(err: unknown): void {
  const code = isTemporalReplayError(err) ? err.code : null;
  send({ type: 'fatal', code, message: messageOf(err) }, () => process.exit(1));
}

async function setUp(setup: Setup): Promise<HistoryReplayer> {
  const { fast, engine, diagnosis, coverage } = setup;
  // The modules of a service may install the runtime, too.
  const loadsModules = setup.projects.some(({ worker }) => modulesOfWorker(worker).length > 0);
  if (loadsModules) installRuntime();
  const projects = await Promise.all(setup.projects.map(loadProject));
  return new HistoryReplayer(projects, {
    ...{ fast, engine, diagnosis },
    counters: coverage || diagnosis.patchDecisions ? sharedCounters() : null,
    onOutsideCalls: (areGoingOn) => current && send({ type: 'outside', ...current, areGoingOn }),
    beforeCore: installRuntime,
  });
}

async function runJob(job: Job): Promise<void> {
  const target = await replayer!;
  let index = 0;
  for (const decoded of decode(job)) {
    if (index++ < job.from) continue;
    const at = { jobId: job.id, index: index - 1 };
    const isFirst = index - 1 === job.from;
    const asked = job.beginsWithCore && isFirst ? 'core' : job.isChecked ? 'checked' : undefined;
    const { partial, isOpen, replay } = target.prepare(decoded, asked);
    send({ type: 'started', ...at, partial, isOpen });
    current = at;
    try {
      const replayed = await replay((result) => send({ type: 'judged', ...at, result }));
      current = null;
      send({ type: 'result', ...at, ...replayed });
    } catch (err) {
      current = null;
      if (!(err instanceof NeedsNewProcess)) throw err;
      return send({ type: 'again', ...at });
    }
    // The SDK's runtime shuts down with its last worker, so this waits until the new run has one.
    if (target.hasEngine)
      for (const previous of previousReplayers.splice(0))
        void previous.then((earlier) => earlier.close()).catch(exitWithError);
  }
  send({ type: 'done', jobId: job.id });
}

/** Decodes the histories of a job. Returns one unreadable history if the file cannot be read, so that the run continues. */
function decode({ file, bytes }: Job): Iterable<DecodedHistory | UnreadableFile> {
  try {
    return decodeHistories({ file, bytes: bytes ?? readRegularFileNow(resolve(cwd, file)) });
  } catch (err) {
    const problem = { code: 'UNREADABLE_FILE', message: `${file}: ${messageOf(err)}` };
    return [{ reference: { file, index: 0 }, problem }];
  }
}

/** Workflow code that has left the sandbox shall not end the parent by a mere call of `process.kill`. */
function keepSignalsHere(): void {
  const { kill, pid } = process;
  process.kill = (target, signal) => {
    if (target !== pid) throw new Error('This process may send signals to itself alone.');
    return kill.call(process, target, signal);
  };
}
