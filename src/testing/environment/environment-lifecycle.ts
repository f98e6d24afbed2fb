import { collectCoverage } from '../coverage/collect-coverage';
import type { EnvironmentParts, EnvironmentSettings } from './environment-parts';

/** Begins and ends tests in an environment, and closes the environment. */
export class EnvironmentLifecycle {
  constructor(
    private readonly parts: EnvironmentParts,
    private readonly settings: Pick<EnvironmentSettings, 'autoReplay' | 'keepRuns'>,
  ) {}

  beginTest(): void {
    this.parts.runs.beginTest();
  }

  /**
   * Checks the runs of a test, and terminates those that it has left open.
   *
   * @returns the errors that the test fails with
   */
  async endTest(): Promise<unknown[]> {
    const { runs, terminator } = this.parts;
    const failures = await this.checkRuns();
    await terminator.terminateFailed();
    if (!this.settings.keepRuns) await terminator.terminateOpen(runs.ofTest());
    return failures;
  }

  /** Returns the errors of workflow tasks that no wait has reported, and of runs that a replay finds incompatible. */
  async checkRuns(): Promise<unknown[]> {
    const { runs, terminator, problems } = this.parts;
    await terminator.awaitIdle(runs.ofTest());
    const failures: unknown[] = [];
    for (
      let failure = await problems.unreportedTaskFailure();
      failure !== null;
      failure = await problems.unreportedTaskFailure()
    )
      failures.push(failure);
    if (this.settings.autoReplay) await this.replayRuns().catch((err: unknown) => failures.push(err));
    return failures;
  }

  /** @throws NOT_DETERMINISTIC with a diagnosis of each run that is not compatible */
  async replayRuns(): Promise<void> {
    const { runs, replay } = this.parts;
    const due = runs
      .takeReplayDue()
      // A failure during the run has been reported already.
      .filter(({ failure, isGivenUp }) => failure === null && !isGivenUp)
      .filter(({ workflowType }) => this.isOwnType(workflowType));
    await replay.verify(due);
  }

  terminateFailedRuns(): Promise<void> {
    return this.parts.terminator.terminateFailed();
  }

  collectCoverage(): Promise<void> {
    return collectCoverage(this.parts.testWorker, this.parts.coverage);
  }

  async close(): Promise<void> {
    const { activities, mocks, terminator, runs, time, testWorker, guard } = this.parts;
    activities.cancelAll();
    mocks.endCalls();
    if (testWorker.channel.failure) return this.closeWithoutTestWorker();
    await guard.endAll();
    await time.finishSleeps();
    await terminator.terminateFailed().catch(() => undefined);
    await terminator.terminateOpen(runs.all());
    await this.collectCoverage();
    // A run that was terminated during a workflow task may have left a hold on the time of the test server.
    const keepsServer = await time.close();
    await mocks.deleteFromServer();
    // Closed before the server stops: a call that is still pending would be retried on a closed connection.
    await this.parts.connection.close();
    await testWorker.release(keepsServer);
  }

  /** Closes the environment after its test worker, and so its server, has exited. */
  private async closeWithoutTestWorker(): Promise<void> {
    await this.parts.connection.close();
    await this.parts.testWorker.release(false);
  }

  /** Returns true if runs of this type run the service's own code. */
  private isOwnType(workflowType: string): boolean {
    const { bundle, mocks } = this.parts;
    return bundle.workflowTypes.includes(workflowType) && !mocks.workflowTypes.includes(workflowType);
  }
}
