import { CancellationScope, log } from '@temporalio/workflow';

export type Undo = () => Promise<unknown>;

/** Takes back what was booked, the last booking first, whatever becomes of the workflow. */
export function rollBack(undos: readonly Undo[]): Promise<void> {
  return CancellationScope.nonCancellable(() =>
    [...undos].reverse().reduce<Promise<void>>(
      (before, undo) =>
        before.then(() =>
          undo().then(
            () => undefined,
            (err: unknown) => log.error('could not undo', { err }),
          ),
        ),
      Promise.resolve(),
    ),
  );
}
