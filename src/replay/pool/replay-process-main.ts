/** The loop of a replay process: take a job, replay its histories one by one, answer each. Started by `replay-process.ts`. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { messageOf } from '../../errors';
import { sharedCounters } from '../../sdk/coverage-counters';
import { loadProject } from '../engine/loaded-project';
import { HistoryReplayer, type UnreadableFile } from '../history-replayer';
import type { Setup } from '../setup';
import type { FromChild, Job, ToChild } from './protocol';
import { type DecodedHistory, decodeHistories } from '../../history/decode';

const send = (message: FromChild): void => void process.send!(message);

// Whatever the SDK or core logs goes to this process's stderr at most; its stdout is closed.
Runtime.install({
  logger: new DefaultLogger('ERROR', () => undefined),
  telemetryOptions: { logging: { filter: 'off', forward: {} } },
});

let replayer: Promise<HistoryReplayer> | null = null;
/** Of runs before this one. */
const ended: Promise<HistoryReplayer>[] = [];
let cwd = process.cwd();
let jobs: Promise<void> = Promise.resolve();

process.on('message', (message: ToChild) => {
  if (message.type === 'setup') {
    cwd = message.setup.cwd;
    if (replayer !== null) ended.push(replayer);
    replayer = setUp(message.setup);
    return;
  }
  jobs = jobs.then(() => runJob(message.job)).catch(die);
});
// The parent is gone (or closed the channel on purpose): nobody waits for answers any more.
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group; the parent decides when this process ends.
process.on('SIGINT', () => undefined);

function die(err: unknown): void {
  process.send!({ type: 'fatal', message: messageOf(err) } satisfies FromChild, () => process.exit(1));
}

async function setUp(setup: Setup): Promise<HistoryReplayer> {
  const projects = await Promise.all(setup.projects.map(loadProject));
  const { fast, diagnosis, coverage } = setup;
  return new HistoryReplayer(projects, { fast, diagnosis, counters: coverage ? sharedCounters() : null });
}

async function runJob(job: Job): Promise<void> {
  const target = await replayer!;
  let index = 0;
  for (const decoded of await decode(job)) {
    if (index++ < job.from) continue;
    const at = { jobId: job.id, index: index - 1 };
    const { partial, isOpen, replay } = target.prepare(decoded);
    send({ type: 'started', ...at, partial, isOpen });
    send({ type: 'result', ...at, ...(await replay()) });
    // Not sooner: the SDK's runtime goes with the last of its workers.
    if (target.hasEngine)
      for (const before of ended.splice(0)) void before.then((it) => it.close()).catch(die);
  }
  send({ type: 'done', jobId: job.id });
}

/** A file that can't be read is one more unreadable history: it costs no other its verdict. */
async function decode({ file, bytes }: Job): Promise<Iterable<DecodedHistory | UnreadableFile>> {
  try {
    return decodeHistories({ file, bytes: bytes ?? (await readFile(resolve(cwd, file))) });
  } catch (err) {
    const problem = { code: 'UNREADABLE_FILE', message: `${file}: ${messageOf(err)}` };
    return [{ reference: { file, index: 0 }, problem }];
  }
}
