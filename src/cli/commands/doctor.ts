import { examineBundler } from '../../bundle/examine-bundler';
import { TemporalReplayError, isTemporalReplayError, messageOf } from '../../errors';
import { connectCluster } from '../../fetch/connect';
import { type FlagArgs, connectionOfFlags } from '../../options/flags';
import { replayOptionsOf } from '../../options/merge';
import type { ConnectionOptions } from '../../options/types';
import { namesWorkflowCode } from '../../options/workflow-code';
import { examineSdk } from '../../packages/sdk-problems';
import { WORKER, locatePackage } from '../../packages/temporal-packages';
import type { Screen } from '../../report/screen';
import { historiesInFiles } from '../../run/history-sources';
import { rehearse } from '../../run/rehearse';
import { locateServer, STEP_NAMES } from '../../server/locate';
import type { ServerKind } from '../../server/locate';
import { settingsOf } from '../options/settings';
import { withFlags } from '../options/with-flags';
import { unlessAborted } from '../../util/unless-aborted';
import { abortOnSignals } from '../terminal/signals';
import { processScreen } from '../terminal/screen';
import type { Command } from '../command';

const MINIMUM_NODE = [20, 19] as const;

type DoctorArgs = FlagArgs<'connection' | 'code'>;

export const doctorCommand: Command<DoctorArgs> = {
  builder: (yargs) => withFlags(yargs, 'connection', 'code'),
  handler: async (args) => {
    process.noDeprecation = true;
    const signal = abortOnSignals();
    const examining = (): Promise<number> => examine(args, process.cwd(), processScreen(), signal);
    process.exitCode = await unlessAborted(examining, signal, stopped);
  },
};

const stopped = (): never => {
  throw new TemporalReplayError('ABORTED', 'Stopped.');
};

/** Prints the findings. Returns 2 if a replay could not work or be trusted, else 0: a cluster and servers are optional. */
async function examine(args: DoctorArgs, cwd: string, screen: Screen, signal: AbortSignal): Promise<number> {
  const problems: string[] = [];
  screen.print(`Node ${process.versions.node} (${process.platform} ${process.arch})`);
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor < MINIMUM_NODE[1])) {
    problems.push(`Node ${process.versions.node} is too old: ${MINIMUM_NODE.join('.')} or newer is needed.`);
  }

  examinePackages(cwd, screen, problems);
  if (problems.length === 0) {
    await showIsolation(screen);
    await rehearseRun(args, { cwd, screen, signal, problems });
  }
  for (const kind of ['dev-server', 'time-skipping'] as const) await examineServer(kind, screen, signal);
  await examineCluster(connectionOfFlags(args), screen, signal);

  screen.print(['', problems.length === 0 ? 'Nothing stands in the way of a replay.' : 'Problems']);
  screen.print(problems.flatMap((problem) => `  ${problem.replaceAll('\n', '\n    ')}`.split('\n')));
  return problems.length === 0 ? 0 : 2;
}

/** Packages that only some commands need. */
const OPTIONAL_PACKAGES = [
  { name: '@temporalio/envconfig', use: '`replay fetch` and `--query`' },
  { name: '@temporalio/testing', use: 'tests of workflows (temporal-replay/testing)' },
] as const;

function examinePackages(cwd: string, screen: Screen, problems: string[]): void {
  const found = examineSdk(cwd, { needs: [WORKER], deep: true });
  const { packages, duplicates } = found;
  screen.print(['', `Temporal packages, as seen from ${cwd}`]);
  const width = Math.max(0, ...packages.map(({ name }) => name.length));
  screen.print(packages.map(({ name, version, path }) => `  ${name.padEnd(width)}  ${version}  ${path}`));
  if (packages.length === 0) screen.print('  none');
  for (const { name, copies } of duplicates) {
    screen.print(`  ${copies.length} copies of ${name}:`);
    screen.print(copies.map(({ version, path }) => `    ${version}  ${path}`));
  }
  problems.push(...found.problems.map(({ text }) => text));
  if (found.remedy !== '') problems.push(found.remedy);
  else showOptionalPackages(cwd, screen);
  const versions = new Set(packages.map(({ version }) => version));
  if (versions.size > 1)
    screen.print(
      `  Their versions differ (${[...versions].join(', ')}): Temporal releases them to be used together.`,
    );
}

/** Prints which packages are missing that only some commands need, and the one command that installs them. */
function showOptionalPackages(cwd: string, screen: Screen): void {
  const missing = OPTIONAL_PACKAGES.filter(({ name }) => locatePackage(name, cwd) === null);
  screen.print(missing.map(({ name, use }) => `  ${name} is not installed; only ${use} need it.`));
  if (missing.length > 0)
    screen.print(`  ${examineSdk(cwd, { needs: missing.map(({ name }) => name) }).remedy}`);
}

/** Prints if the SDK's bundles keep module state apart. Replays hold either way, but a worker's workflows may not. */
async function showIsolation(screen: Screen): Promise<void> {
  screen.print(['', 'Module state of workflows']);
  try {
    const { worker, webpack, sharesModuleState, mendedRelease } = await examineBundler();
    const bundler = `@temporalio/worker ${worker} with webpack ${webpack ?? 'of an unknown version'}`;
    screen.print(
      sharesModuleState
        ? [
            `  ${bundler} does not keep it apart: workflows of one worker share it.`,
            '  Replays and tests run each workflow in a V8 context of its own.',
            `  For your workers, update the SDK to ${mendedRelease} or later.`,
          ]
        : `  ${bundler} keeps it apart.`,
    );
  } catch (err) {
    screen.print(`  The SDK's bundler could not be tried: ${messageOf(err)}`);
  }
}

/** Tries what a run does, with one history of each project, and prints each step. */
async function rehearseRun(
  args: DoctorArgs,
  { cwd, screen, signal, problems }: { cwd: string; screen: Screen; signal: AbortSignal; problems: string[] },
): Promise<void> {
  screen.print(['', 'A run in small']);
  try {
    const { config } = await settingsOf(args, cwd);
    const options = replayOptionsOf(config);
    if (!namesWorkflowCode(options) && options.projects === undefined) {
      screen.print('  No workflow code is named here, by a config file or a flag, so nothing was tried.');
      return;
    }
    const sources = await historiesInFiles(config.histories, cwd, signal).catch((err: unknown) => {
      if (!isTemporalReplayError(err) || err.code !== 'NO_HISTORIES') throw err;
      problems.push(problemText(err));
      return [];
    });
    for await (const { of, outcome, problem } of rehearse(options, { sources, cwd, signal })) {
      screen.print(`  ${of}: ${outcome}`);
      if (problem !== null) problems.push(`${of}: ${problem}`);
    }
  } catch (err) {
    if (!isTemporalReplayError(err) || err.code === 'ABORTED') throw err;
    problems.push(problemText(err));
  }
}

const problemText = ({ message, code, hint }: TemporalReplayError): string =>
  `${message} [${code}] ${hint}`.trim();

/** Prints where a server was searched for. A missing server is not installed here, but when it is needed. */
async function examineServer(kind: ServerKind, screen: Screen, signal: AbortSignal): Promise<void> {
  const name = kind === 'dev-server' ? 'Dev server' : 'Time-skipping test server';
  const located = await locateServer(kind, { install: false, signal });
  screen.print([
    '',
    `${name}${located.download ? ': not on this machine; pip or a download gets it when it is needed' : ''}`,
  ]);
  for (const { step, outcome } of located.attempts) {
    // Only the commands that start a server take a path.
    if (step !== 'option') screen.print(`  ${STEP_NAMES[step]}: ${outcome}`);
  }
}

async function examineCluster(
  connection: ConnectionOptions,
  screen: Screen,
  signal: AbortSignal,
): Promise<void> {
  screen.print(['', 'Cluster']);
  try {
    const cluster = await connectCluster(connection, signal);
    const { address, namespace, serverVersion } = cluster;
    try {
      await cluster.call((service) => service.describeNamespace({ namespace }), { signal });
      screen.print(
        `  ${address} answers: namespace ${namespace}, server ${serverVersion ?? 'of an unknown version'}`,
      );
    } catch (err) {
      screen.print(`  ${address} answers: server ${serverVersion ?? 'of an unknown version'}`);
      throw err;
    } finally {
      await cluster.close();
    }
  } catch (err) {
    if (!isTemporalReplayError(err) || err.code === 'ABORTED') throw err;
    screen.print(`  ${err.message} ${err.hint}`);
  }
}
