import { createRequire } from 'node:module';
import type { coresdk } from '@temporalio/proto';

export type Long = NonNullable<coresdk.workflow_activation.IWorkflowActivation['historySizeBytes']>;

interface LongClass {
  fromBits(low: number, high: number, unsigned: boolean): Long;
}

let Long: LongClass | null = null;

/** Returns an unsigned 64-bit number in the class that the SDK uses. */
export function longOf({ low, high }: { low: number; high: number }): Long {
  Long ??= loadLong();
  return Long.fromBits(low | 0, high | 0, true);
}

/** Loads the class from where `@temporalio/proto` has it. */
const loadLong = (): LongClass => createRequire(require.resolve('@temporalio/proto'))('long') as LongClass;
