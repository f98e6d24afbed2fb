import { Connection, type ConnectionOptions } from '@temporalio/client';
import { requireInternal } from './workflow-creator';

/**
 * Options and class of a connection with a `testService`, which controls time skipping, as `TestWorkflowEnvironment` makes its
 * own.
 *
 * They rely on `InternalConnectionOptionsSymbol` (`@temporalio/client/lib/connection.js`, checked on 1.14.1 and 1.24.0) and,
 * before SDK 1.13, on the class `Connection` of `@temporalio/testing/lib/connection.js` (checked on 1.9.3 and 1.11.8).
 * `test/testing/time/workflow-time.test.ts` fails when an upgrade changes the first, `test/package/sdk-versions.test.ts` has the
 * second. Without both, a connection has no `testService`, and tests cannot skip time.
 */
const FROM_CLASS = Symbol('the connection class of the testing package');

/** Returns options for a connection of {@link connectionClassFor} that give it a `testService`. */
export function testServiceOptions(): object {
  const { InternalConnectionOptionsSymbol: symbol = FROM_CLASS } =
    requireInternal<{ InternalConnectionOptionsSymbol?: symbol }>('@temporalio/client/lib/connection') ?? {};
  return { [symbol]: { supportsTestService: true } };
}

/** Returns the class that makes connections with these options. */
export function connectionClassFor(options: ConnectionOptions): typeof Connection {
  if (!(FROM_CLASS in options)) return Connection;
  const testing = requireInternal<{ Connection?: typeof Connection }>('@temporalio/testing/lib/connection');
  return testing?.Connection ?? Connection;
}
