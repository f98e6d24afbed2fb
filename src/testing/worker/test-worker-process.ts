import { type ChildProcess, spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { TemporalReplayError } from '../../errors';
import { sdkDirectory, sdkEnvironment } from '../../packages/sdk-resolution';
import { requireSdkInTests } from '../../packages/sdk-problems';
import { notify } from '../framework/warn';
import { newSocketPath, removeSocket } from '../rpc/local-socket';
import { after, pauseUnref, stopTimer } from '../time/clock';
import { LIFELINE_FD } from './lifeline';

const KEPT_STDERR_CHARACTERS = 4_000;
const START_TIMEOUT_MS = 60_000;
const STOP_GRACE_MS = 5_000;
const RUNNING = new Set<ChildProcess>();

const HAS_PROCESS_GROUPS = process.platform !== 'win32';

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (!HAS_PROCESS_GROUPS) return void child.kill('SIGKILL');
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The whole group has exited.
  }
}

/**
 * A test worker, as its parent process sees it. It is not killed when the parent exits: it sees the lifeline end, and then
 * stops its servers and exits.
 */
export class TestWorkerProcess {
  private stderr = '';
  private isStopping = false;
  private isClosed = false;
  private readonly lifeline: Socket;

  private constructor(
    private readonly child: ChildProcess,
    /** Path of the socket that the test worker listens on. */
    readonly socketPath: string,
  ) {
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-KEPT_STDERR_CHARACTERS);
    });
    // These handles must not keep the parent alive.
    child.unref();
    this.lifeline = child.stdio[LIFELINE_FD] as Socket;
    // The end of the process follows an error.
    this.lifeline.on('error', () => undefined).resume();
    this.lifeline.unref();
    (child.stderr as Partial<Socket>).unref?.();
  }

  get isRunning(): boolean {
    return RUNNING.has(this.child);
  }

  /**
   * Starts a test worker and waits until it listens.
   *
   * @throws TEST_WORKER_FAILED, PACKAGE_MISSING, SDK_TOO_OLD, DUPLICATE_PACKAGES
   */
  static async start(): Promise<TestWorkerProcess> {
    requireSdkInTests(sdkDirectory(), ['@temporalio/worker', '@temporalio/testing']);
    const socketPath = newSocketPath();
    // Without the parent's flags, such as a debugger's port or a loader.
    const child = spawn(process.execPath, [join(__dirname, 'main.js'), socketPath, String(process.pid)], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...sdkEnvironment() },
      // Gives it a process group, which its servers belong to.
      detached: HAS_PROCESS_GROUPS,
    });
    RUNNING.add(child);
    child.once('exit', () => {
      RUNNING.delete(child);
      removeSocket(socketPath);
      // A test worker that crashed has left its servers running.
      killGroup(child);
    });
    const started = new TestWorkerProcess(child, socketPath);
    await started.listening();
    child.once('close', (code, signal) => started.exited(signal ?? `exit code ${code}`));
    return started;
  }

  /** Waits, after its connection was lost, until it has been printed why the test worker exited. Stops one that has not exited. */
  async ended(): Promise<void> {
    const closed = new Promise<void>((done) => this.child.once('close', () => done()));
    this.child.ref();
    (this.child.stderr as Partial<Socket>).ref?.();
    if (!this.isClosed) await Promise.race([closed, pauseUnref(STOP_GRACE_MS)]);
    await this.stop();
  }

  /** Opens a connection. */
  connect(): Promise<Socket> {
    return new Promise((done, fail) => {
      const socket = connect(this.socketPath, () => done(socket));
      socket.once('error', fail);
    });
  }

  /** Stops the test worker and its servers, and kills them after a grace period. */
  async stop(): Promise<void> {
    if (!this.isRunning) return;
    this.isStopping = true;
    const ended = new Promise<void>((done) => this.child.once('exit', () => done()));
    this.child.ref();
    this.lifeline.destroy();
    const forced = after(STOP_GRACE_MS, () => killGroup(this.child));
    await ended;
    stopTimer(forced);
  }

  private async listening(): Promise<void> {
    const { child, lifeline } = this;
    await new Promise<void>((done, fail) => {
      const late = after(START_TIMEOUT_MS, () =>
        fail(this.failure(`it did not start within ${START_TIMEOUT_MS / 1000} s`)),
      );
      lifeline.once('data', () => done());
      child.once('exit', (code, signal) => fail(this.failure(`it ended (${signal ?? `exit code ${code}`})`)));
      child.once('error', (err) => fail(this.failure(err.message)));
      lifeline.once('data', () => stopTimer(late));
      child.once('exit', () => stopTimer(late));
    });
  }

  /** Prints why the test worker exited unexpectedly: the connections of the tests close without a reason. */
  private exited(how: string): void {
    this.isClosed = true;
    if (this.isStopping) return;
    const said = this.stderr.trim();
    notify(`the process that runs the workflows has ended (${how}).${said ? `\n${said}` : ''}`);
  }

  private failure(reason: string): TemporalReplayError {
    const said = this.stderr.trim();
    return new TemporalReplayError(
      'TEST_WORKER_FAILED',
      `The process that runs the workflows failed to start: ${reason}.${said ? `\n${said}` : ''}`,
    );
  }
}
