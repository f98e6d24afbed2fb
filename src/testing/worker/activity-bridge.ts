import { CompleteAsyncError, Context } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import type { RpcChannel } from '../rpc/rpc-channel';
import type { PeerOf } from '../rpc/rpc-contract';
import type { ActivityOutcome, TestWorkerContract } from './protocol';
import { ForwardedFailure, RawPayload } from './raw-payloads';

const { Payload } = temporal.api.common.v1;
const { Failure } = temporal.api.failure.v1;

/** Runs the activities of SDK workers, of any type, in the test file's process. */
export class ActivityBridge {
  private readonly heartbeats = new Map<number, (details: RawPayload | undefined) => void>();
  private nextTask = 0;

  constructor(private readonly channel: () => RpcChannel<PeerOf<TestWorkerContract>>) {}

  /** Value for `WorkerOptions.activities`: the SDK calls `default` for every type without a function. */
  readonly activities = { default: (...args: RawPayload[]): Promise<unknown> => this.run(args) };

  heartbeat({ task, details }: { task: number; details: Uint8Array | null }): void {
    this.heartbeats.get(task)?.(details === null ? undefined : new RawPayload(Payload.decode(details)));
  }

  private async run(args: RawPayload[]): Promise<unknown> {
    const context = Context.current();
    const task = this.nextTask++;
    const { heartbeatDetails, ...info } = context.info;
    this.heartbeats.set(task, (details) => context.heartbeat(details));
    context.cancelled.catch((err: Error) => {
      const details = context.cancellationDetails;
      this.channel().notify('cancelActivity', {
        task,
        reason: err.message,
        details: details ? { ...details } : null,
      });
    });
    try {
      const outcome = await this.channel().request('runActivity', {
        task,
        info,
        args: args.map(bytesOf),
        heartbeatDetails: heartbeatDetails instanceof RawPayload ? bytesOf(heartbeatDetails) : null,
      });
      return settled(outcome);
    } finally {
      this.heartbeats.delete(task);
    }
  }
}

const bytesOf = ({ payload }: RawPayload): Uint8Array => Payload.encode(payload).finish();

function settled(outcome: ActivityOutcome): unknown {
  switch (outcome.kind) {
    case 'completed':
      return new RawPayload(Payload.decode(outcome.result));
    case 'failed':
      throw new ForwardedFailure(Failure.decode(outcome.failure));
    case 'cancelled':
      throw new CancelledFailure(outcome.message);
    case 'async':
      throw new CompleteAsyncError();
  }
}
