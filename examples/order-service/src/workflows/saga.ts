import { CancellationScope, log, TemporalFailure } from '@temporalio/workflow';

/** Steps that undo what was done. Each must be right even if its step never took place. */
export class Saga {
  readonly #compensations: { name: string; undo: () => Promise<unknown> }[] = [];

  /** Call it before the step: a step that failed may still have taken place. */
  onFailure(name: string, undo: () => Promise<unknown>): void {
    this.#compensations.unshift({ name, undo });
  }

  /** Undoes in reverse order, also in a cancelled workflow. One that fails doesn't keep the others from running. */
  async compensate(): Promise<void> {
    await CancellationScope.nonCancellable(async () => {
      for (const { name, undo } of this.#compensations) {
        try {
          await undo();
        } catch (err) {
          if (!(err instanceof TemporalFailure)) throw err;
          log.error('compensation failed', { compensation: name, error: err.message });
        }
      }
    });
  }
}
